// Starts the real binary on a data directory of its own, drives it with headless Chromium, and runs axe after every
// navigation with no rule switched off.
import { spawn } from "node:child_process";
import { mkdtemp, mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
export const binary = join(here, "..", "..", "bin", "folkmoot");
export const out = join(here, "out");

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Starts the binary in demo mode and resolves when it prints its address. */
export async function startServer(extra = []) {
  assert.ok(existsSync(binary), `${binary} is missing: run make build`);
  const dir = await mkdtemp(join(tmpdir(), "folkmoot-e2e-"));
  const data = join(dir, "data");
  await mkdir(data, { recursive: true });
  const child = spawn(binary, ["serve", "--demo", "--addr", "127.0.0.1:0", "--data", data, ...extra], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const url = await new Promise((resolve, reject) => {
    const seen = (chunk) => {
      output += chunk;
      const m = output.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (m) resolve(m[0]);
    };
    child.stdout.on("data", seen);
    child.stderr.on("data", (c) => (output += c));
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
    setTimeout(() => reject(new Error(`no address after 60 s:\n${output}`)), 60_000).unref();
  });
  await ready(url);
  return {
    url,
    data,
    dir,
    password: () => {
      const m = output.match(/[Pp]assword:?\s+(\S+)/);
      assert.ok(m, `no demo password was printed:\n${output}`);
      return m[1];
    },
    output: () => output,
    async stop() {
      const ended = new Promise((r) => child.once("exit", r));
      child.kill("SIGTERM");
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function ready(url) {
  for (let i = 0; i < 200; i++) {
    try {
      if ((await fetch(`${url}/healthz`)).ok) return;
    } catch {
      // not listening yet
    }
    await new Promise((r) => setTimeout(r, 100));
  }
  throw new Error(`${url} did not answer`);
}

let browser;

/** The one browser of this test file. */
export async function launch() {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return browser;
}

export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}

/**
 * A person at a browser. Every navigation goes through it, and each is followed by axe, by a check that nothing was asked of
 * another host, and by a check that the browser reported no error (a blocked inline style or script is one).
 */
export class Person {
  constructor(context, page, base) {
    Object.assign(this, { context, page, base, foreign: [], errors: [], pages: 0, statuses: [] });
    page.on("request", (r) => {
      if (!r.url().startsWith(base) && !r.url().startsWith("data:")) this.foreign.push(r.url());
    });
    page.on("console", (m) => {
      // Chromium logs a refused request's status too; those are asserted where they are provoked.
      if (m.type() === "error" && !/status of 4\d\d|status of 503/.test(m.text())) this.errors.push(m.text());
    });
    page.on("pageerror", (e) => this.errors.push(String(e)));
  }

  static async arrive(base, { width = 1280, javaScript = true, options = {} } = {}) {
    const context = await (await launch()).newContext({
      viewport: { width, height: 900 },
      javaScriptEnabled: javaScript,
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const person = new Person(context, page, base);
    person.javaScript = javaScript;
    return person;
  }

  async go(path, status = 200) {
    const response = await this.page.goto(this.base + path);
    assert.equal(response.status(), status, `${path} answered ${response.status()}`);
    await this.inspect();
  }

  /** Clicks something that leads to another page and inspects that. */
  async follow(locator) {
    const target = typeof locator === "string" ? this.page.locator(locator) : locator;
    await Promise.all([this.page.waitForEvent("framenavigated"), target.click()]);
    await this.page.waitForLoadState("load");
    await this.inspect();
  }

  link(name, options = {}) {
    return this.follow(this.page.getByRole("link", { name, ...options }));
  }

  press(name, options = {}) {
    return this.follow(this.page.getByRole("button", { name, ...options }));
  }

  choose(name, options = {}) {
    return this.page.getByRole("radio", { name, ...options }).check();
  }

  tick(name, options = {}) {
    return this.page.getByRole("checkbox", { name, ...options }).check();
  }

  fill(name, value, options = {}) {
    return this.page.getByLabel(name, options).fill(value);
  }

  heading() {
    return this.page.locator("h1").first().innerText();
  }

  text() {
    return this.page.locator("main").innerText();
  }

  async inspect() {
    this.pages++;
    assert.deepEqual(this.foreign, [], "a page asked another host");
    assert.deepEqual(this.errors, [], `the browser reported errors on ${this.page.url()}`);
    assert.equal(await this.page.locator("h1").count(), 1, `${this.page.url()} has one h1`);
    const overflow = await this.overflow();
    assert.ok(overflow <= 1, `${this.page.url()} scrolls sideways by ${overflow} px at ${this.page.viewportSize().width} px`);
    if (!this.javaScript) return; // axe is a script; the same pages are inspected with scripts
    // Straight into the page, and only what is wrong is asked for: through @axe-core/playwright a page takes three times as long.
    await this.page.evaluate(axeSource);
    const violations = await this.page.evaluate(
      async (values) => (await axe.run({ runOnly: { type: "tag", values }, resultTypes: ["violations"] })).violations,
      tags,
    );
    assert.deepEqual(
      violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`),
      [],
      `axe on ${this.page.url()}`,
    );
  }

  /** Checks that the page does not scroll sideways in a narrower window, and goes back to the width it had. */
  async fits(width) {
    const wide = this.page.viewportSize();
    await this.page.setViewportSize({ ...wide, width });
    const overflow = await this.overflow();
    assert.ok(overflow <= 1, `${this.page.url()} scrolls sideways by ${overflow} px at ${width} px`);
    await this.page.setViewportSize(wide);
  }

  /** How many pixels the page is wider than the window. Not available to pages without scripts, so measured from outside. */
  async overflow() {
    const { cssContentSize, cssLayoutViewport } = await this.metrics();
    return cssContentSize.width - cssLayoutViewport.clientWidth;
  }

  async metrics() {
    this.cdp ??= await this.context.newCDPSession(this.page);
    return this.cdp.send("Page.getLayoutMetrics");
  }

  async shot(name) {
    await mkdir(out, { recursive: true });
    await this.page.screenshot({ path: join(out, `${name}.png`), fullPage: true });
  }

  async leave() {
    await this.context.close();
  }
}
