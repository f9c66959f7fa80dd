// What is done with answers changes: one officer proposes it, another confirms it, and who answered before is asked. Axe after every navigation.
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

async function staff(role, options) {
  const p = await Person.arrive(server.url, options);
  await p.go("/sign-in");
  await p.page.locator("input[name=email]").fill(`${role}@wealdmere.example`);
  await p.page.locator("input[name=password]").fill(server.password());
  await p.follow(p.page.locator("main form button").first());
  return p;
}

const fill = async (p, values) => {
  for (const [name, value] of Object.entries(values)) await p.page.locator(`main [name="${name}"]`).first().fill(value);
};
const choose = (p, name, value) => p.page.locator(`main input[name="${name}"][value="${value}"]`).check();
const send = (p) => p.follow(p.page.locator("main form button.govuk-button").last());

/** Answers a consultation and the equality question about consent. Returns the withdrawal code. */
async function respond(consents) {
  const p = await Person.arrive(server.url);
  await p.go("/c/service-feedback/respond");
  await answerAll(p);
  await p.press("Send your response");
  await choose(p, "equality", consents ? "yes" : "no");
  await p.press("Continue");
  if (consents) {
    await p.page.locator("main input[type=radio]").first().check(); // 16 or over
    await p.press("Continue");
    await choose(p, "consent", "agree");
    await p.press("Continue");
    await p.go("/c/service-feedback/done");
  }
  const { code } = await confirmation(p);
  await p.leave();
  return code;
}

async function opened(code, options) {
  const p = await Person.arrive(server.url, options);
  await p.go(`${options?.lang === "cy" ? "/cy" : ""}/your-response`);
  await fill(p, { code });
  await send(p);
  assert.match(new URL(p.page.url()).pathname, /\/your-response\/held$/);
  return p;
}

describe("nobody's answers move to a new use silently", () => {
  let agrees, silent, refuses, change;

  test("an officer proposes a change, and what it needs is said difference by difference", async () => {
    [agrees, silent, refuses] = [await respond(true), await respond(false), await respond(true)];
    const r = await staff("researcher");
    await r.go("/office/consultations");
    await r.link(/Library and leisure services feedback/);
    const consultation = new URL(r.page.url()).pathname;
    await r.go(`${consultation}/notice`);
    await r.link(/^Change what is done with answers/);
    await r.press("Begin a change");
    change = new URL(r.page.url()).pathname;
    assert.match(change, /\/changes\/[0-9a-f]{32}$/);
    assert.match(await r.text(), /Nothing is different from the notice that is in force/);
    await r.go(`${change}/purposes/1`);
    const empty = await r.page.locator('main input[name$="-name"]').evaluateAll((all) => all.findIndex((i) => i.value === ""));
    await fill(r, { [`r${empty}-name`]: "Birch Research", [`r${empty}-location`]: "United Kingdom" });
    await r.page.locator(`main select[name="r${empty}-form"]`).selectOption("anonymous");
    await send(r);
    assert.equal(new URL(r.page.url()).pathname, change);
    assert.match(await r.text(), /give anonymous totals to Birch Research[\s\S]*Must agree first[\s\S]*art\. 13\(1\)\(e\)/);
    assert.match(await r.text(), /answered under version 1\. They are not part of the new use until they agree/);
    await r.fits(320);
    await r.go(`/cy${change}`);
    await r.go(change);
    assert.match(await r.text(), /What the screening for a DPIA rests on has changed since: answer it again[\s\S]*art\. 35\(11\)/);
    await r.link(/^What the screening for a DPIA rests on/);
    assert.match(await r.text(), /as it would be after the change/);
    await r.fits(320);
    await send(r); // as it was answered before: each is looked at
    assert.match(await r.text(), /Your answers are recorded/);
    const d = await staff("dpo");
    await d.go("/office");
    await d.link(/waits? for your decision about a DPIA/);
    await d.link(/Library and leisure services feedback/);
    await d.link("See the change");
    await d.page.goBack();
    await d.page.locator("input[name=ruling][value=approved]").check();
    const next = new Date().getFullYear() + 1;
    await fill(d, { reasons: "Totals only.", reference: "Addendum 9", "review-day": "1", "review-month": "3", "review-year": `${next}` });
    await send(d);
    await d.leave();
    await r.go(`${change}/propose`);
    await send(r);
    assert.match(await r.page.title(), /^Error: /, "people are told why");
    await fill(r, { "note-en": "Birch Research helps us plan.", "note-cy": "Mae Birch Research yn ein helpu i gynllunio." });
    await send(r);
    assert.match(await r.text(), /The change waits for a second person/);
    assert.match(await r.text(), /Somebody else has to confirm it/);
    await r.leave();
  });

  test("before it is confirmed nothing is asked of anybody; the data protection officer confirms it", async () => {
    const p = await opened(agrees);
    assert.doesNotMatch(await p.text(), /We have a question for you/);
    await p.leave();

    const o = await staff("dpo");
    await o.go("/office");
    assert.match(await o.text(), /Changes of what is done with answers/);
    await o.go(`${change}/confirm`);
    await send(o);
    assert.match(await o.page.title(), /^Error: /, "it is asked once more");
    await choose(o, "sure", "yes");
    await send(o);
    assert.match(await o.text(), /This is version 2 of the privacy notice/);
    assert.match(await o.text(), /We hold no names and no addresses/);
    assert.match(await o.text(), /A wnaethoch chi ateb/, "the text for publication is there in Welsh");
    await o.fits(320);
    await o.go(`/cy${change}`);
    await o.leave();
  });

  test("who answered before is asked, with two equal options and none chosen, and may take it back", async () => {
    const p = await opened(agrees, { width: 360 });
    assert.match(await p.text(), /We have a question for you/);
    await p.press(/See the question about your answers/);
    const options = p.page.locator("main input[type=radio]");
    assert.equal(await options.count(), 2);
    assert.equal(await p.page.locator("main input[type=radio]:checked").count(), 0, "nothing is chosen beforehand");
    assert.match(await p.text(), /Birch Research helps us plan\.[\s\S]*give anonymous totals to Birch Research[\s\S]*If you say no, or do nothing/);
    await p.fits(320);
    await send(p);
    assert.match(await p.page.title(), /^Error: /, "doing nothing is no answer");
    await choose(p, "consent", "agree");
    await send(p);
    assert.match(await p.text(), /You agreed\. You can take that back/);
    assert.doesNotMatch(await p.text(), /We have a question for you/);
    assert.match(await p.text(), /holds for you now \(version 2\)/);
    await p.go("/your-response/receipt");
    assert.match(await p.text(), /New uses of your answers[\s\S]*You consented[\s\S]*Version of the privacy notice\s*2/);
    await p.go("/your-response/held");
    await p.press("Take back my agreement about my answers");
    assert.match(await p.text(), /You took your agreement back/);
    await p.leave();

    const no = await opened(refuses, { lang: "cy" });
    await no.go("/cy/your-response/new-use/responses");
    await choose(no, "consent", "refuse");
    await send(no);
    assert.match(await no.text(), /Dywedoch na/);
    await no.leave();
  });

  test("who telephones takes it back in the same way", async () => {
    const p = await opened(agrees);
    await p.press(/See the question about your answers/);
    await choose(p, "consent", "agree");
    await send(p);
    await p.leave();

    const o = await staff("dpo");
    await o.go("/office/requests/new");
    await choose(o, "kind", "access");
    await choose(o, "channel", "phone");
    await fill(o, { name: "Gwen Example", contact: "07700 900123" });
    await send(o);
    const at = new URL(o.page.url()).pathname;
    await o.go(`${at}/identity`);
    await choose(o, "tier", "code");
    await fill(o, { code: agrees });
    await send(o);
    await o.link(/^Take back what they agreed to later/);
    await send(o);
    assert.match(await o.page.title(), /^Error: /, "which of them is asked");
    await o.fits(320);
    await o.page.getByLabel(/^Use of their response under version 2 of the notice/).check();
    await send(o);
    assert.match(await o.text(), /The agreement is taken back/);
    assert.equal(await o.page.getByRole("link", { name: /^Take back what they agreed to later/ }).count(), 0, "there is nothing left to take back");
    await o.leave();

    const again = await opened(agrees);
    assert.match(await again.text(), /You took back your agreement to a new use of your answers on |You said no to a new use of your answers on /);
    assert.match(await again.text(), /See the question about your answers/);
    assert.equal(await again.page.getByRole("button", { name: "Take back my agreement about my answers" }).count(), 0);
    await again.leave();
  });

  test("the office sees how far asking is and ends it; who did not answer stays out and is asked no more", async () => {
    const o = await staff("dpo");
    await o.go(change);
    const figures = (await o.text()).replace(/\s+/g, " ");
    assert.match(figures, /Refused 2/, "taken back and refused");
    await o.go(`${change}/end`);
    await choose(o, "sure", "yes");
    await send(o);
    assert.match(await o.text(), /Nobody is asked any more/);
    await o.leave();
    const p = await opened(silent);
    assert.doesNotMatch(await p.text(), /We have a question for you/);
    await p.leave();
  });
});
