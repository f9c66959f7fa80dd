// An interviewer takes down what somebody says on the telephone, in Welsh too, and what others wrote on paper, with the keyboard alone. Axe after every
// navigation.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { closeBrowser, Person, startServer } from "./harness.mjs";
import { answerAll } from "./journey.mjs";
import { enter, tabTo } from "./keyboard.mjs";

let server;
let base; // of the pages that record for the open consultation

before(async () => {
  server = await startServer();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});


async function interviewer(options) {
  const p = await Person.arrive(server.url, options);
  await p.go("/sign-in");
  await p.page.locator("input[name=email]").fill("interviewer@wealdmere.example");
  await p.page.locator("input[name=password]").fill(server.password());
  await p.follow(p.page.locator("main form button").first());
  if (!base) {
    await p.go("/office/consultations");
    await p.link(/How was our service|Customer|feedback/i);
    await p.follow(p.page.getByRole("button", { name: "Record a response" }));
    base = new URL(p.page.url()).pathname;
  }
  return p;
}

const path = (p) => new URL(p.page.url()).pathname;
const copied = async (p) => (await p.page.locator("main .folk-copy code").allInnerTexts()).map((t) => t.trim());
const send = (p) => p.follow(p.page.locator("main form button.govuk-button").first());

/** Types into the field with the name, which Tab reaches. */
async function type(p, name, text) {
  await tabTo(p, `[name="${name}"]`, 200);
  await p.page.keyboard.type(text);
}

/** Enters the answers of a paper form with the keyboard: the first choice of every group. */
async function answers(p) {
  for (let i = 0; i < 150; i++) {
    await p.page.keyboard.press("Tab");
    const at = await p.page.evaluate(() => ({ type: document.activeElement.type, name: document.activeElement.name, button: document.activeElement.matches("main form button"), ours: document.activeElement.matches("main form *") }));
    if (at.button) return;
    if (at.ours && at.type === "radio") await p.page.keyboard.press("Space");
  }
  assert.fail("no button after the questions");
}

describe("recording what was said and written", () => {
  test("by telephone: script, questions, spoken consent with its words, equality answers that nobody sees again, code to read out", async () => {
    const p = await interviewer();
    await p.go(base);
    await send(p); // nothing chosen
    assert.match(await p.text(), /Choose how you are speaking/);
    await p.choose("By telephone");
    await p.choose("English");
    await send(p);
    assert.ok(path(p).endsWith("/script"));
    assert.match(await p.text(), /You do not have to take part/);
    await p.follow(p.page.getByRole("button", { name: "They want to begin" }));
    assert.match(await p.text(), /Read each question/);
    await p.tick("Not answered"); // the person would rather not say
    await send(p);
    await answerAll(p);
    await send(p);
    assert.ok(path(p).endsWith("/consent"));
    await send(p);
    assert.match(await p.text(), /Choose what the person decided/);
    await p.page.locator('main input[name=old][value=yes]').check();
    await p.choose("The person said that they consent");
    await send(p);
    assert.ok(path(p).endsWith("/equality"));
    await p.page.locator("main input[type=radio]").first().check();
    await send(p);
    assert.ok(path(p).endsWith("/done"));
    const [reference, code] = await copied(p);
    assert.match(code, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){4}$/);
    await p.go(`${base}/equality`);
    assert.equal(await p.page.locator("main input:checked").count(), 0, "equality answers are shown again");
    await p.go(`${base}/done`);
    await p.press("Finish");
    await p.go(`${base}/done`);
    assert.ok(!(await p.text()).includes(code), "the code is shown after leaving");
    await p.leave();

    // The person rings off, goes to the website and sees what was taken down, by which script, and by whom: a role, no name.
    const r = await Person.arrive(server.url, { width: 360 });
    await r.go("/your-response");
    await r.page.locator("main input[name=code]").fill(code);
    await send(r);
    const held = await r.text();
    assert.ok(held.includes(reference));
    assert.match(held, /By telephone/);
    assert.match(held, /Recorded by an interviewer of the council/);
    assert.match(held, /Form or script: S-[0-9A-Z]{4}-/);
    assert.doesNotMatch(held, /Ira/);
    await r.go("/your-response/receipt");
    assert.match(await r.text(), /Spoken/);
    await r.leave();
  });

  test("face to face in Welsh: the script and every page are in Welsh; a refusal is recorded; a mistake is erased", async () => {
    const p = await interviewer({ width: 360 });
    await p.go(base);
    await p.choose("Face to face");
    await p.choose("Welsh");
    await send(p);
    assert.ok(path(p).startsWith("/cy/office/"));
    await p.follow(p.page.getByRole("button", { name: "Mae eisiau dechrau" }));
    await answerAll(p);
    await send(p);
    await p.page.locator('main input[name=old][value=yes]').check();
    await p.choose("Dywedodd y person nad yw'n cydsynio");
    await send(p);
    assert.match(await p.text(), /Cofnodwyd nad yw'r person yn cydsynio/);
    await p.link("Gwnes gamgymeriad: dileu'r ymateb hwn");
    await send(p);
    assert.match(await p.text(), /Dewiswch pam/);
    await p.choose("Rhoddais rywbeth yn anghywir");
    await send(p);
    assert.match(await p.text(), /Cofnodi ymateb/);
    await p.leave();
  });

  test("paper, with the keyboard alone: two forms, one entered twice by mistake", async () => {
    const p = await interviewer();
    await p.go(base);
    await p.press("Paper form in English");
    const code = (await p.text()).match(/P(-[0-9A-Z]{4}){3}/)[0];
    assert.match(await p.text(), /Signature or initials/);

    await p.go(`${base}/paper`);
    await tabTo(p, "main form button", 200);
    await enter(p); // nothing entered
    assert.match(await p.text(), /Enter the form version/);
    const today = await p.page.evaluate(() => new Date().toISOString().slice(0, 10).split("-"));
    await type(p, "form", code.toLowerCase().replaceAll("-", ""));
    await type(p, "scan", "DOC-2026-000471");
    await type(p, "received-day", today[2]);
    await type(p, "received-month", today[1]);
    await type(p, "received-year", today[0]);
    await answers(p);
    await enter(p);
    assert.ok(path(p).endsWith("/consent"), await p.text());
    await tabTo(p, '[name="old"]');
    await p.page.keyboard.press("Space");
    await tabTo(p, '[name="decision"]');
    await p.page.keyboard.press("Space");
    await tabTo(p, "main form button");
    await enter(p);
    assert.ok(path(p).endsWith("/equality"));
    await answers(p);
    await enter(p);
    assert.ok(path(p).endsWith("/done"));
    assert.match(await p.text(), /Recorded since you began: 1/);
    await tabTo(p, 'main form button[value="paper"]');
    await enter(p);

    // The next form: version and day are there; the reference is that of the form before.
    assert.equal(await p.page.locator("[name=form]").inputValue(), code);
    assert.equal(await p.page.locator("[name=received-year]").inputValue(), today[0]);
    await type(p, "scan", "doc-2026-000471");
    await answers(p);
    await enter(p);
    assert.match(await p.text(), /was recorded before/);
    await tabTo(p, '[name="scan"]', 200);
    await p.page.keyboard.press("Control+A");
    await p.page.keyboard.type("DOC-2026-000472");
    await tabTo(p, "main form button", 200);
    await enter(p);
    assert.ok(path(p).endsWith("/consent"));
    await tabTo(p, '[name="old"]');
    await p.page.keyboard.press("Space");
    await tabTo(p, '[name="decision"]');
    await p.page.keyboard.press("ArrowDown");
    await p.page.keyboard.press("ArrowDown"); // no box was ticked
    await tabTo(p, "main form button");
    await enter(p);
    assert.ok(path(p).endsWith("/done"));
    assert.match(await p.text(), /Recorded since you began: 2/);
    assert.match(await p.text(), /No decision about the equality questions/);
    await p.leave();

    // Whoever has the form shows what was decided on it.
    const officer = await Person.arrive(server.url, { width: 360, javaScript: false });
    await officer.go("/sign-in");
    await officer.page.locator("main [name=email]").fill("dpo@wealdmere.example");
    await officer.page.locator("main [name=password]").fill(server.password());
    await officer.follow(officer.page.locator("main form button").first());
    await officer.go("/office/registers/forms");
    const look = async (reference) => {
      await officer.page.locator("main [name=scan]").fill(reference);
      await officer.follow(officer.page.locator("main form button.govuk-button").last());
      assert.ok(!officer.page.url().includes("2026-0004"), "the reference is in no address");
      return officer.text();
    };
    assert.match(await look("Jane Jones"), /There is a problem[\s\S]*no names/);
    assert.match(await look("doc-2026-000471"), /Consent given[\s\S]*In writing/);
    await officer.fits(320);
    assert.match(await look("DOC-2026-000472"), /The ledger has no decision from a form with this reference/);
    await officer.leave();
  });
});
