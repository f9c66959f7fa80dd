// Researcher, approver and partner do their part of the main job; and every page behind the sign-in is looked at, by every role.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { closeBrowser, Person, startServer } from "./harness.mjs";
import { answerAll } from "./journey.mjs";

let server;

before(async () => {
  server = await startServer();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

async function signIn(role, options) {
  const domain = role === "partner" ? "fenwick.example" : "wealdmere.example";
  const p = await Person.arrive(server.url, options);
  await p.go("/sign-in");
  await p.page.locator("input[name=email]").fill(`${role}@${domain}`);
  await p.page.locator("input[name=password]").fill(server.password());
  await p.follow(p.page.locator("main form button").first());
  assert.doesNotMatch(p.page.url(), /sign-in/);
  return p;
}

/** Fills named fields of the page. */
async function fill(p, values) {
  for (const [name, value] of Object.entries(values)) await p.page.locator(`main [name="${name}"]`).first().fill(value);
}

async function save(p) {
  await p.follow(p.page.locator("main form button.govuk-button:not(.govuk-button--secondary):not(.govuk-button--warning)").last());
}

describe("signing in", () => {
  test("a wrong password says so without saying which of the two was wrong", async () => {
    const p = await Person.arrive(server.url);
    const said = [];
    for (const email of ["researcher@wealdmere.example", "nobody@wealdmere.example"]) {
      await p.go("/sign-in");
      await p.page.locator("input[name=email]").fill(email);
      await p.page.locator("input[name=password]").fill("not-the-password-at-all");
      await p.follow(p.page.locator("main form button").first());
      assert.match(await p.page.title(), /^Error: /);
      said.push(await p.page.locator(".govuk-error-summary").innerText());
    }
    assert.equal(said[0], said[1]);
    await p.leave();
  });

  test("the office is closed to whoever is not signed in, and after signing out", async () => {
    const p = await signIn("researcher");
    const office = p.page.url();
    await p.follow(p.page.locator("header, nav, .govuk-service-navigation, body").getByRole("button", { name: "Sign out" }).first());
    await p.page.goto(office);
    await p.inspect();
    assert.match(p.page.url(), /sign-in/);
    await p.leave();
  });
});

describe("the researcher", () => {
  test("makes a consultation, is told what is missing, mends it, previews and publishes it, and a resident answers it", async () => {
    const p = await signIn("researcher");
    await p.go("/office/consultations/new");
    await p.page.locator('input[name=from][value="service-feedback"]').check();
    await save(p);
    const home = new URL(p.page.url()).pathname;
    assert.match(home, /\/office\/consultations\/[0-9a-f]{32}$/);

    await p.go(`${home}/readiness`);
    const reasons = p.page.locator("main table a");
    assert.ok((await reasons.count()) > 0, "what is missing is named and linked");
    await p.follow(reasons.first());
    assert.match(p.page.url(), /\/details/);
    const day = new Date(Date.now() - 86400000);
    const end = new Date(Date.now() + 30 * 86400000);
    await fill(p, {
      "title-en": "Parks and play areas 2026",
      "title-cy": "Parciau a mannau chwarae 2026",
      "about-en": "We are planning repairs. **Nothing is decided yet.**",
      "about-cy": "Rydym yn cynllunio gwaith atgyweirio. **Nid oes dim wedi'i benderfynu eto.**",
      slug: "parks-2026",
      "opens-day": `${day.getDate()}`,
      "opens-month": `${day.getMonth() + 1}`,
      "opens-year": `${day.getFullYear()}`,
      "opens-time": "9am",
      "closes-day": "31",
      "closes-month": "2",
      "closes-year": `${end.getFullYear()}`,
      "closes-time": "5pm",
    });
    await save(p);
    assert.match(await p.page.title(), /^Error: /, "the thirty-first of February is refused");
    assert.equal(await p.page.locator('[name="title-en"]').inputValue(), "Parks and play areas 2026", "what was typed is kept");
    await fill(p, { "closes-day": `${end.getDate()}`, "closes-month": `${end.getMonth() + 1}` });
    await save(p);

    await p.go(`${home}/survey/questions/overall`);
    await fill(p, { "text-en": "Overall, how satisfied were you with the park?", "text-cy": "At ei gilydd, pa mor fodlon oeddech chi gyda'r parc?" });
    await save(p);
    assert.match(await (await p.go(`${home}/survey`), p.text()), /satisfied were you with the park/);

    await p.go(`${home}/notice/consent`);
    await fill(p, { partners: "Fenwick Climate" });
    await save(p);
    await p.go(`${home}/readiness`);
    assert.match(await p.text(), /Fenwick Climate is in the consent statement but not among the recipients/);
    await p.go(`${home}/notice/purposes/2`);
    await fill(p, { "r0-name": "Fenwick Climate", "r0-location": "United Kingdom" });
    await p.page.locator('[name="r0-form"]').selectOption("anonymous");
    await save(p);

    await p.go(`${home}/readiness`);
    const left = await p.text();
    await p.go(`${home}/preview`);
    await p.follow(p.page.getByRole("link", { name: /preview/i }).or(p.page.getByRole("button", { name: /preview/i })).last());
    assert.match(p.page.url(), /\/preview\/respond\//, "the preview shows the pages of residents");
    await answerAll(p);
    await p.press("Send your response");
    assert.match(await p.page.content(), /[Pp]review/);

    await p.go(`${home}/screening`);
    for (const id of ["new_technology", "biometric_genetic", "children", "physical_harm", "innovative", "prevents_right"])
      await p.page.locator(`input[name="q-${id}"][value=no]`).check();
    await fill(p, { addendum: "Equality answers are kept apart." });
    await save(p);
    const officer = await signIn("dpo");
    await officer.go(home.replace("consultations", "registers/screenings"));
    await officer.page.locator("input[name=ruling][value=approved]").check();
    await fill(officer, { reasons: "The measures suffice.", reference: "Addendum 7", "review-day": "1", "review-month": "3", "review-year": `${end.getFullYear() + 1}` });
    await save(officer);
    await officer.leave();

    await p.go(`${home}/publish`);
    assert.ok(await p.page.locator('input[name="sure"]').count(), `ready to publish; readiness said: ${left}`);
    await p.page.locator('input[name="sure"]').check();
    await save(p);

    const resident = await Person.arrive(server.url);
    await resident.go("/c/parks-2026");
    assert.match(await resident.text(), /Nothing is decided yet/);
    await resident.go("/c/parks-2026/respond");
    await answerAll(resident);
    await resident.press("Send your response");
    await resident.leave();

    await p.go(`${home}/results`);
    assert.match(await p.text(), /Responses\s+1\b/);
    await p.leave();
  });

  test("a definition with faults is refused with every line", async () => {
    const p = await signIn("researcher");
    await p.go("/office/consultations/new");
    await p.page.locator('input[name=from][value="_upload"]').check();
    await fill(p, { source: "format: folkmoot/survey/1\nid: Bad Id\ntitle: {en: A}\nlanguages: [en, cy]\n" });
    await save(p);
    assert.match(await p.page.title(), /^Error: /);
    assert.match(await p.text(), /^2\tid:/m);
    assert.match(await p.text(), /^3\ttitle:/m);
    await p.shot("definition-faults");
    await p.leave();
  });

  test("reads results with charts and the same figures in tables, crosses them, and exports them", async () => {
    const p = await signIn("researcher");
    await p.go("/office/consultations");
    await p.link(/Living in Wealdmere/);
    const home = new URL(p.page.url()).pathname;
    await p.go(`${home}/results`);
    assert.ok(await p.page.locator("main svg").count(), "there is a chart");
    assert.ok(await p.page.locator("main table").count(), "and a table");
    await p.go(`${home}/results/crosstab?question=runs_things&by=ward`);
    assert.ok(await p.page.locator("main table").count());
    await p.go(`${home}/results/crosstab?question=runs_things&by=ethnic_group`);
    await p.go(`${home}/export`);
    const link = await p.page.locator('main a[href*="responses"]').first().getAttribute("href");
    const file = await p.context.request.get(server.url + link);
    assert.equal(file.status(), 200);
    const csv = await file.text();
    assert.ok(csv.split("\n").length > 1400);
    assert.ok(!/ethnic_group|age_band/.test(csv.split("\n")[0]), "no equality answer is exported");
    await p.leave();
  });
});

/** Chooses the tables of a release and sends them. Break-downs lie folded, so the boxes are set and not clicked. */
async function choose(p, tables) {
  const agreement = p.page.locator('main select[name="agreement"]');
  if (await agreement.count()) await agreement.selectOption({ index: 1 });
  else await p.page.locator('main input[name="agreement"]').first().check();
  const found = await p.page.$$eval(
    'main input[name="table"]',
    (boxes, wanted) => boxes.filter((b) => (b.checked = wanted.includes(b.value))).length,
    tables,
  );
  assert.equal(found, tables.length, "the catalogue offers the tables");
  await save(p);
}

describe("release", () => {
  test("proposed by one, approved by another, read and downloaded by the partner, revoked", async () => {
    const r = await signIn("researcher");
    await r.go("/office/consultations");
    const living = await r.page.getByRole("link", { name: /Living in Wealdmere/ }).first().getAttribute("href");
    await r.go(`/office/releases/new?consultation=${living.split("/").pop()}`);
    await choose(r, []);
    assert.match(await r.page.title(), /^Error: /, "a release without tables is refused");
    // What each table would hide stands beside it without a button. A script asks in the background.
    await r.go(`/office/releases/new?consultation=${living.split("/").pop()}`);
    await r.page.locator('main input[name="agreement"]').first().check();
    const beside = r.page.locator(".govuk-checkboxes__item", { has: r.page.locator('input[name="table"][value="local_area"]') }).locator(".govuk-checkboxes__hint");
    await beside.getByText(/Hides (none|\d+) of \d+ figures/).waitFor();
    assert.match(await r.page.locator("[data-live-region]").innerText(), /would be hidden/);
    await r.page.locator('input[name="table"][value="local_area"]').uncheck();
    await beside.waitFor({ state: "detached" });
    await r.go(`/office/releases/new?consultation=${living.split("/").pop()}`);
    await choose(r, ["local_area", "local_area|ward", "runs_things|ward"]);
    const path = new URL(r.page.url()).pathname;
    assert.match(path, /\/office\/releases\/[0-9a-f]{32}$/);
    assert.ok(await r.page.locator("main table").count(), "the tables are shown as they will be published");
    await r.follow(r.page.locator(`a[href="${path}/report"]`).first());
    await r.fits(320);
    await r.go(`${path}/propose`);
    await r.follow(r.page.locator('form[action$="/propose"] button'));
    assert.match(await r.page.title(), /^Error: /, "the questions about a motivated intruder are answered first");
    for (const risk of ["singling_out", "linkability", "inference"]) await r.page.locator(`input[name="${risk}"][value="unlikely"]`).check();
    await r.page.locator('textarea[name="other_data"]').fill("The census.");
    await r.follow(r.page.locator('form[action$="/propose"] button'));
    await r.go(`${path}/approve`, 403);
    await r.leave();

    const a = await signIn("approver");
    await a.go("/office");
    await a.go(`${path}/approve`);
    await a.page.locator('input[name="sure"]').check();
    await save(a);

    const partner = await signIn("partner");
    const shelf = path.replace("/office", "/partner");
    await partner.go("/partner");
    await partner.follow(partner.page.locator(`a[href="${shelf}"]`).first());
    assert.ok(await partner.page.locator("main table caption").count());
    assert.match(await partner.text(), /\[c\]/);
    const csv = await partner.context.request.get(`${server.url}${shelf}/release.csv`);
    assert.equal(csv.status(), 200);
    assert.match(csv.headers()["content-disposition"], /attachment/);
    // The file for people stands alone: opened from a disk, on a phone too, it breaks no rule of axe and fetches nothing.
    const page = await partner.context.request.get(`${server.url}${shelf}/release.en.html`);
    assert.equal(page.status(), 200);
    await partner.page.goto("about:blank"); // a file on somebody's machine is under no policy of the service
    await partner.page.setContent(await page.text());
    await partner.inspect();
    await partner.fits(320);
    assert.ok((await partner.page.locator('svg[role="img"]').count()) >= 3, "a chart for each table");
    await partner.go("/office", 403);

    const again = await signIn("researcher");
    await again.go(`/office/releases/new?consultation=${living.split("/").pop()}`);
    assert.match(await again.text(), /has been released before/i, "a second release of the survey is made together with the first");
    await again.leave();

    await a.go(`${path}/revoke`);
    await a.page.locator('[name="reason"]').fill("The agreement was ended.");
    if (await a.page.locator('input[name="sure"]').count()) await a.page.locator('input[name="sure"]').check();
    await a.follow(a.page.locator("main form button").last());
    await partner.go(shelf, 403);
    await a.leave();
    await partner.leave();
  });
});

// Two at a time: they only look, each in a browser context of its own.
describe("every page behind the sign-in", { concurrency: 2 }, () => {
  for (const role of ["researcher", "approver", "dpo", "administrator", "partner"]) {
    // Welsh has the longer words, so it is looked at narrow, axe and all (WCAG 2.2, 1.4.10: 320 CSS pixels); English as on a desk, and
    // then whether it fits.
    for (const [prefix, width] of [["", 1280], ["/cy", 320]]) {
      test(`${role}, ${prefix ? "Welsh" : "English"}, ${width} px`, async () => {
        const p = await signIn(role, { width });
        const start = `${prefix}/${role === "partner" ? "partner" : "office"}`;
        const seen = new Set();
        const queue = [start];
        while (queue.length) {
          const path = queue.shift();
          await p.go(path);
          if (width > 320) await p.fits(320);
          const links = await p.page.$$eval("a[href]", (all) => all.map((a) => a.getAttribute("href")));
          for (const href of links) {
            if (!href.startsWith(`${prefix}/office`) && !href.startsWith(`${prefix}/partner`)) continue;
            const clean = href.split("#")[0];
            if (/\.(csv|html|json|svg|yaml|xlsx|ods|txt)$/.test(clean.split("?")[0])) continue;
            // One page of each sort: ids, question names and the values of filters make no new sort.
            const sort = clean
              .replace(/[0-9a-f]{32}/g, ":id")
              .replace(/(questions|texts|sections|purposes|documents|entries)\/[^/?]+/, "$1/:x")
              .replace(/=[^&]*/g, "");
            if (seen.has(sort)) continue;
            seen.add(sort);
            queue.push(clean);
          }
        }
        assert.ok(p.pages >= (role === "partner" ? 3 : 8), `only ${p.pages} pages were found`);
        await p.leave();
      });
    }
  }
});
