// The data protection officer's desk: a resident asks, the officer answers; somebody rings; something goes wrong. Axe after every navigation.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { closeBrowser, Person, startServer } from "./harness.mjs";
import { answerAll, confirmation } from "./journey.mjs";

let server;

before(async () => {
  server = await startServer();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

async function officer(options) {
  const p = await Person.arrive(server.url, options);
  await p.go("/sign-in");
  await p.page.locator("input[name=email]").fill("dpo@wealdmere.example");
  await p.page.locator("input[name=password]").fill(server.password());
  await p.follow(p.page.locator("main form button").first());
  return p;
}

const fill = async (p, values) => {
  for (const [name, value] of Object.entries(values)) await p.page.locator(`main [name="${name}"]`).first().fill(value);
};
const check = (p, name, value) => p.page.locator(`main input[name="${name}"][value="${value}"]`).check();
const send = (p) => p.follow(p.page.locator("main form button.govuk-button").last());

/** Answers a consultation and declines the equality questions. Returns the withdrawal code. */
async function respond() {
  const p = await Person.arrive(server.url);
  await p.go("/c/service-feedback/respond");
  await answerAll(p);
  await p.press("Send your response");
  await p.page.locator("main input[type=radio]").last().check();
  await p.press("Continue");
  const { code } = await confirmation(p);
  await p.leave();
  return code;
}

describe("the officer's desk", () => {
  test("a resident asks for erasure with the code; the officer sees everything, erases it and writes the letter", async () => {
    const code = await respond();
    const r = await Person.arrive(server.url, { width: 360 });
    await r.go("/your-information");
    await r.go("/your-information/ask?about=erase");
    await fill(r, { code });
    await send(r);
    assert.match(new URL(r.page.url()).pathname, /\/your-information\/sent$/);
    const number = (await r.text()).match(/\bR\d+\b/)[0];
    assert.ok(!r.page.url().includes(code));

    const o = await officer();
    await o.go("/office");
    await o.go("/office/requests");
    await o.link(new RegExp(`^${number}\\b`));
    const at = new URL(o.page.url()).pathname;
    await o.follow(o.page.getByRole("button", { name: "See everything we hold" }));
    assert.ok((await o.page.locator("main table").first().locator("tbody tr").count()) > 3, "the officer sees the answers");
    await o.fits(320);
    await o.go(`${at}/erase`);
    await send(o);
    assert.match(await o.page.title(), /^Error: /, "erasing is asked once more");
    await check(o, "sure", "yes");
    await send(o);
    assert.match(await o.text(), /The response is erased/);
    await o.go(`${at}/end`);
    await check(o, "decision", "granted");
    await fill(o, { done: "We erased everything that you sent." });
    await send(o);
    await o.go(`${at}/letters/outcome`);
    assert.match(await o.text(), /We erased everything that you sent\.[\s\S]*complain to the regulator/);
    await o.go(`/cy${at}/letters/outcome`);
    await o.leave();

    await r.go("/your-response");
    await r.fill("Withdrawal code", code);
    await r.press("Continue");
    assert.match(await r.page.title(), /^Error: /, "the code opens nothing any more");
    await r.leave();
  });

  test("a resident asks for correction; the officer changes an answer, sees before and after, and the resident reads both", async () => {
    const code = await respond();
    const r = await Person.arrive(server.url, { width: 360 });
    await r.go("/your-information/ask?about=rectify");
    await fill(r, { code, text: "I pressed the wrong one." });
    await send(r);
    const number = (await r.text()).match(/\bR\d+\b/)[0];

    const o = await officer({ width: 360 });
    await o.go("/office/requests");
    await o.link(new RegExp(`^${number}\\b`));
    const at = new URL(o.page.url()).pathname;
    await o.link(/^Correct their answers/);
    await o.fits(320);
    await send(o);
    assert.match(await o.page.title(), /^Error: /, "nothing has changed");
    const other = o.page.locator("main input[type=radio]:not(:checked)").first();
    const wanted = await other.evaluate((i) => i.labels[0].textContent.trim());
    await other.check();
    await send(o);
    assert.match(await o.text(), new RegExp(`Before[\\s\\S]*After[\\s\\S]*${wanted}`));
    await o.fits(320);
    const save = () => o.follow(o.page.getByRole("button", { name: "Correct the answers" }));
    await save();
    assert.match(await o.page.title(), /^Error: /, "it is asked once more");
    await check(o, "rectify-sure", "yes");
    await fill(o, { "rectify-reason": "They pressed the wrong one." });
    await save();
    assert.match(await o.text(), /Answers corrected[\s\S]*Answers that were corrected/);
    await o.go(`/cy${at}/copy`);
    assert.match(await o.text(), /Cywirwyd ar/);
    await o.leave();

    await r.go("/your-response");
    await fill(r, { code });
    await send(r);
    const text = await r.text();
    assert.match(text, new RegExp(`${wanted}[\\s\\S]*What we corrected[\\s\\S]*They pressed the wrong one`));
    await r.fits(320);
    await r.leave();
  });

  test("somebody rings: entered, asked who it is, identified by the code, taken out of use and back", async () => {
    const code = await respond();
    const o = await officer();
    await o.go("/office/requests/new");
    await send(o);
    assert.match(await o.page.title(), /^Error: /, "an empty request is refused");
    await check(o, "kind", "restrict");
    await check(o, "channel", "phone");
    await fill(o, { name: "Gwen Example", contact: "07700 900123" });
    await send(o);
    const at = new URL(o.page.url()).pathname;
    await o.go(`${at}/ask-identity`);
    await send(o);
    assert.match(await o.text(), /clock starts when the person is identified/i);
    await o.go(`${at}/identity`);
    await check(o, "tier", "code");
    await fill(o, { code: "0000-0000-0000-0000" });
    await send(o);
    assert.match(await o.page.title(), /^Error: /, "a code that is none");
    assert.equal(await o.page.locator("main [name=code]").inputValue(), "", "and it is not printed back");
    await fill(o, { code });
    await send(o);
    assert.match(await o.text(), /held and not used/, "that is what was asked for: it follows by itself");
    await o.go(`${at}/lift`);
    await send(o);
    assert.match(await o.text(), /in use again/);
    await o.leave();
  });

  test("a breach: recorded by keyboard, the report downloaded, closed when everything is decided", async () => {
    const o = await officer();
    await o.go("/office/breaches/new");
    await o.page.locator("[name=what]").focus();
    await o.page.keyboard.type("An export was sent to the wrong address.");
    await o.page.keyboard.press("Tab");
    await o.page.keyboard.press("Space");
    await o.page.locator("main form button.govuk-button").last().focus();
    await Promise.all([o.page.waitForEvent("framenavigated"), o.page.keyboard.press("Enter")]);
    await o.page.waitForLoadState("load");
    await o.inspect();
    const at = new URL(o.page.url()).pathname;
    assert.match(await o.text(), /7[12] of 72 hours left/);
    const [download] = await Promise.all([o.page.waitForEvent("download"), o.page.getByRole("button", { name: "Download the report for the regulator" }).click()]);
    assert.match(download.suggestedFilename(), /^breach-B\d+\.txt$/);
    await o.follow(o.page.getByRole("button", { name: "Close the breach" }));
    assert.match(await o.text(), /decide how high the risk is/, "it says what is missing");
    await o.go(`${at}/edit`);
    await check(o, "risk", "some");
    await check(o, "regulator", "no");
    await send(o);
    assert.match(await o.page.title(), /^Error: /, "a risk is reported, and reasons are given");
    await check(o, "risk", "unlikely");
    await fill(o, { risk_why: "The file was encrypted.", regulator_why: "No risk.", lessons: "Ask before sending." });
    await check(o, "individuals", "no");
    await send(o);
    await o.follow(o.page.getByRole("button", { name: "Close the breach" }));
    await o.go(`/cy${at}`);
    await o.fits(320);
    await o.leave();
  });
});
