// Finding what is held about a person who has no code: search, compare, link, and a copy without equality answers. Axe after every navigation.
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

const fill = async (p, values) => {
  for (const [name, value] of Object.entries(values)) await p.page.locator(`main [name="${name}"]`).first().fill(value);
};
const check = (p, name, value) => p.page.locator(`main input[name="${name}"][value="${value}"]`).check();
const send = (p) => p.follow(p.page.locator("main form button.govuk-button").last());

async function officer(options) {
  const p = await Person.arrive(server.url, options);
  await p.go("/sign-in");
  await fill(p, { email: "dpo@wealdmere.example", password: server.password() });
  await p.follow(p.page.locator("main form button").first());
  return p;
}

/** Answers with the words in every free text and declines the equality questions. Returns the reference. */
async function respond(words) {
  const p = await Person.arrive(server.url);
  await p.go("/c/service-feedback/respond");
  const write = new Proxy({}, {
    get: () => async (page) => {
      const form = page.locator("main form").first();
      if (await form.locator("textarea").count()) return form.locator("textarea").fill(words);
      if (await form.locator("input[type=radio]").count()) return form.locator("input[type=radio]").first().check();
      if (await form.locator("input[type=checkbox]").count()) return form.locator("input[type=checkbox]").first().check();
      const day = form.locator('input[name$="-day"]');
      if (await day.count()) {
        await day.fill("5");
        await form.locator('input[name$="-month"]').fill("3");
        await form.locator('input[name$="-year"]').fill("2024");
        return undefined;
      }
      const input = form.locator("input[type=text]").first();
      return input.fill((await input.getAttribute("inputmode")) ? "3" : (await input.getAttribute("autocomplete")) === "postal-code" ? "WM1 1AA" : "fine");
    },
  });
  await answerAll(p, write);
  await p.press("Send your response");
  await p.page.locator("main input[type=radio]").last().check();
  await p.press("Continue");
  const { reference } = await confirmation(p);
  await p.leave();
  return reference;
}

/** Enters a request by telephone. Returns its address. */
async function enter(o) {
  await o.go("/office/requests/new");
  await check(o, "kind", "access");
  await check(o, "channel", "phone");
  await fill(o, { name: "Gwen Example", contact: "07700 900123" });
  await send(o);
  return new URL(o.page.url()).pathname;
}

async function identify(o, at) {
  await o.go(`${at}/identity`);
  await check(o, "tier", "knowledge");
  await fill(o, { note: "They knew what they wrote" });
  await send(o);
}

describe("search for a person", () => {
  test("somebody without the code is found by what they wrote, and gets a copy without equality answers", async () => {
    const reference = await respond("Ask Gwenllian Peverell-Quax of 4 Mill Lane about the heron.");
    await respond("The heron again, says somebody else.");
    const o = await officer();
    const at = await enter(o);
    await o.go(`${at}/find`, 409); // nobody is identified yet
    await identify(o, at);
    await o.press("Search for them");
    await o.page.locator("main button", { hasText: /^\s*Search\s*$/ }).click();
    await o.page.waitForLoadState("load");
    await o.inspect();
    assert.match(await o.page.title(), /^Error: /, "nothing to look for");
    await fill(o, { words: "heron" });
    await o.follow(o.page.locator("main button", { hasText: /^\s*Search\s*$/ }));
    assert.match(new URL(o.page.url()).pathname, /\/find\/1$/, "no word is in the address");
    const text = await o.text();
    assert.match(text, /Peverell-Quax[\s\S]*says somebody else|says somebody else[\s\S]*Peverell-Quax/, "both are shown");
    assert.match(text, /Never searched: only the withdrawal code opens them/);
    await o.fits(320);
    const theirs = o.page.locator(".govuk-summary-card, section, article", { hasText: reference }).locator("form").last();
    const n = await theirs.locator("input[name=match]").getAttribute("value");
    const other = n === "1" ? "2" : "1";
    await check(o, `verdict-${other}`, "dismissed");
    await o.follow(o.page.locator("form", { has: o.page.locator(`[name="verdict-${other}"]`) }).locator("button"));
    assert.match(await o.page.title(), /^Error: /, "why it is of somebody else has to be said");
    await fill(o, { [`reason-${other}`]: "Another hand" });
    await o.follow(o.page.locator("form", { has: o.page.locator(`[name="verdict-${other}"]`) }).locator("button"));
    assert.doesNotMatch(await o.text(), /says somebody else/, "what is of somebody else is not shown again");
    await check(o, `verdict-${n}`, "theirs");
    await o.follow(o.page.locator("form", { has: o.page.locator(`[name="verdict-${n}"]`) }).locator("button"));
    await o.go(at);
    assert.match(await o.text(), /Their responses[\s\S]*Equality answers stay closed without the withdrawal code/);
    await o.go(`${at}/copy`);
    assert.match(await o.text(), /Peverell-Quax[\s\S]*they can be reached only with the withdrawal code/);
    await o.follow(o.page.getByRole("button", { name: "Leave out what is about others" }));
    await send(o);
    assert.match(await o.page.title(), /^Error: /, "nothing is ticked");
    await o.page.locator("main input[type=checkbox]").first().check();
    await o.page.locator("main select[name=ground]").selectOption("third_party");
    await fill(o, { reason: "About somebody else" });
    await o.follow(o.page.getByRole("button", { name: "Leave out", exact: true }));
    assert.match(await o.text(), /What the copy leaves out[\s\S]*About somebody else/);
    await o.fits(320);
    await o.go(`/cy${at}/redact`);
    await o.go(`${at}/copy`);
    assert.match(await o.text(), /\[left out: .*DPA 2018 Sch\. 2 para\. 16\)\. About somebody else\]/);
    assert.doesNotMatch(await o.text(), /Mill Lane/, "the passage is nowhere in the copy");
    const file = await o.page.request.get(`${server.url}${at}/copy.json`);
    assert.doesNotMatch(await file.text(), /Mill Lane/, "nor in the file");
    await o.go(`/cy${at}/find/1`);
    await o.leave();
  });

  test("nobody is found: what was searched is recorded, and article 11 is named", async () => {
    const o = await officer({ width: 360, javaScript: false });
    const at = await enter(o);
    await identify(o, at);
    await o.go(`${at}/find`);
    await o.page.locator("main select[name=consultation]").selectOption({ index: 1 });
    await o.follow(o.page.locator("main button", { hasText: "Search by day and answers" }));
    await fill(o, { "from-day": "1", "from-month": "1", "from-year": "2001", "to-day": "2", "to-month": "1", "to-year": "2001" });
    await o.follow(o.page.locator("main button", { hasText: /^\s*Search\s*$/ }));
    assert.match(await o.text(), /No response was found\.[\s\S]*article 11/);
    await o.go(at);
    assert.match(await o.text(), /Every consultation and register[\s\S]*consultation, day/);
    await o.leave();
  });
});
