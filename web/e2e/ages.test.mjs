// Who may take part by age: the gate before the first question, in both languages, with a parent who agrees, and with the keyboard alone.
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

const slug = "young-people";
const path = (p) => new URL(p.page.url()).pathname;
const said = async (p, value) => {
  assert.equal(await p.page.locator("main input[type=radio]").count(), 2, "two equal options");
  assert.equal(await p.page.locator("main input:checked").count(), 0, "nothing is preselected");
  await p.page.locator(`main input[name=over][value=${value}]`).check();
  await p.follow(p.page.locator("main form button").first());
};

describe("the age gate", () => {
  for (const [name, prefix, options] of [
    ["in English", "", { width: 1280 }],
    ["in Welsh on a telephone", "/cy", { width: 360 }],
    ["without scripts", "", { javaScript: false }],
  ]) {
    test(`a child of under 13 takes part with a parent, ${name}`, async () => {
      const p = await Person.arrive(server.url, options);
      await p.go(`${prefix}/c/${slug}`);
      assert.match(await p.text(), prefix ? /Pwy all gymryd rhan/ : /Who can take part/);
      await p.follow(p.page.locator("main a.govuk-button--start"));
      assert.equal(path(p), `${prefix}/c/${slug}/respond/age-check`);
      await p.follow(p.page.locator("main form button").first());
      assert.match(await p.page.title(), prefix ? /^Gwall: / : /^Error: /);
      await said(p, "yes");
      await said(p, "no");
      assert.equal(path(p), `${prefix}/c/${slug}/respond/age-permission`);
      assert.equal(await p.page.locator("main input[type=text], main textarea").count(), 0, "no field for a name");
      await p.page.locator("main input[name=relationship]").first().check();
      await p.page.locator("main input[name=method]").first().check();
      await p.follow(p.page.locator("main form button").first());
      assert.ok((await answerAll(p)).length >= 3);
      await p.follow(p.page.locator("main form button").first());
      assert.equal(path(p), `${prefix}/c/${slug}/done`, "no equality questions for young people");
      await p.go(`${prefix}/c/${slug}/receipt`);
      assert.match(await p.text(), prefix ? /13 oed neu'n hŷn: nac ydy/ : /13 or over: no, asked on/);
      await p.leave();
    });
  }

  test("who is too young is shown another way and may come back; pages past the gate lead to it", async () => {
    const p = await Person.arrive(server.url);
    await p.go(`/c/${slug}/respond`);
    for (const past of ["place", "feel", "check"]) {
      await p.go(`/c/${slug}/respond/${past}`);
      assert.equal(path(p), `/c/${slug}/respond/age-check`, `${past} is behind the gate`);
    }
    await said(p, "no");
    assert.equal(path(p), `/c/${slug}/respond/age-under`);
    assert.match(await p.text(), /With your school or youth club/);
    assert.match(await p.text(), /We have kept nothing about you/);
    await p.fits(320);
    await p.link("Go back to the question");
    await said(p, "yes");
    await said(p, "yes");
    assert.equal(path(p), `/c/${slug}/respond/place`);
    await p.leave();
  });

  test("with the keyboard alone", async () => {
    const p = await Person.arrive(server.url);
    await p.go(`/c/${slug}/respond`);
    for (const next of [/age-check$/, /respond\/place$/]) {
      for (let i = 0; i < 40 && !(await p.page.evaluate(() => document.activeElement.matches("main input[type=radio]"))); i++) await p.page.keyboard.press("Tab");
      await p.page.keyboard.press("Space");
      await Promise.all([p.page.waitForEvent("framenavigated"), p.page.keyboard.press("Enter")]);
      await p.page.waitForLoadState("load");
      await p.inspect();
      assert.match(p.page.url(), next);
    }
    await p.leave();
  });
});
