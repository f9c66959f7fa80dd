// A resident takes part and changes their mind: with and without scripts, in English and Welsh, on a wide screen and on a
// narrow one, with a keyboard only.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { closeBrowser, Person, startServer } from "./harness.mjs";
import { countPresses, walkByKeyboard } from "./keyboard.mjs";
import { answerAll, answerEquality, answerPage, confirmation } from "./journey.mjs";

let server;
let slug; // of the open service feedback survey

before(async () => {
  server = await startServer();
  const hub = await (await fetch(server.url)).text();
  slug = hub.match(/href="\/c\/([a-z0-9-]*service[a-z0-9-]*)"/)?.[1];
  assert.ok(slug, "the demonstration hub has an open service survey");
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

async function arrive(options) {
  const p = await Person.arrive(server.url, options);
  return p;
}

async function send(p) {
  await p.press(/^(Send your response|Anfon eich ymateb)$/);
}

/** How many responses the office counts for the survey. */
async function responses() {
  const p = await arrive();
  await p.go("/sign-in");
  await p.page.locator("input[name=email]").fill("researcher@wealdmere.example");
  await p.page.locator("input[name=password]").fill(server.password());
  await p.follow(p.page.locator("main form button").first());
  await p.go("/office/consultations");
  await p.follow(p.page.locator("main table a", { hasText: "Library and leisure" }).first());
  await p.go(`${new URL(p.page.url()).pathname}/results`);
  const count = (await p.text()).match(/Responses\s+([\d,]+)/)[1];
  await p.leave();
  return Number(count.replace(",", ""));
}

describe("the whole way", () => {
  for (const [name, options, prefix] of [
    ["with scripts", {}, ""],
    ["without scripts", { javaScript: false }, ""],
    ["at 320 px", { width: 320 }, ""],
    ["in Welsh", {}, "/cy"],
    ["in Welsh at 320 px without scripts", { width: 320, javaScript: false }, "/cy"],
  ]) {
    test(`${name}: hub, question by question, consent given, receipt, consent withdrawn`, async () => {
      const p = await arrive(options);
      const presses = await countPresses(p);
      await p.go(prefix || "/");
      assert.equal(await p.page.locator("html").getAttribute("lang"), prefix ? "cy" : "en");
      await p.follow(p.page.locator(`main a[href="${prefix}/c/${slug}"]`).first());
      await p.follow(p.page.locator("main a.govuk-button--start"));
      const asked = await answerAll(p, { overall: "fairly_dissatisfied" });
      assert.ok(asked.includes("what_went_wrong"), "the conditional question is asked after dissatisfaction");
      await send(p);

      // The response is saved now, and only now are the equality questions offered.
      presses();
      const radios = p.page.locator("main input[type=radio]");
      assert.equal(await radios.count(), 2);
      assert.equal(await p.page.locator("main input:checked").count(), 0, "nothing is preselected");
      await radios.first().check();
      await p.follow(p.page.locator("main form button").first());
      assert.match(p.page.url(), /\/equality\/age-check$/, "the equality questions are for people of 16 and over");
      assert.equal(await p.page.locator("main input[type=radio]").count(), 2, "two equal options");
      assert.equal(await p.page.locator("main input:checked").count(), 0, "nothing is preselected");
      await p.page.locator("main input[type=radio]").first().check();
      await p.follow(p.page.locator("main form button").first());
      assert.match(p.page.url(), /\/equality\/consent$/);
      assert.equal(await p.page.locator("main input[type=radio]").count(), 2, "two equal options");
      assert.equal(await p.page.locator("main input:checked").count(), 0, "nothing is preselected");
      await p.page.locator("main input[type=radio]").first().check();
      await p.follow(p.page.locator("main form button").first());
      const consenting = presses();
      const equality = await answerEquality(p);
      assert.ok(equality.length >= 2);
      const { code, reference } = await confirmation(p);
      assert.ok(code, "the confirmation shows the withdrawal code");
      assert.ok(reference, "the confirmation shows the reference");

      await p.page.reload();
      await p.inspect();
      assert.deepEqual(await confirmation(p), { code, reference }, "a reload shows the same");
      assert.ok(!p.page.url().includes(code), "the code is in no address");

      await p.go(`${prefix}/c/${slug}/receipt`);
      assert.ok((await p.text()).includes(reference));
      assert.ok(!(await p.text()).includes(code), "the receipt does not hold the code");
      const cookies = (await p.context.cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
      const json = await (await fetch(`${server.url}/c/${slug}/receipt.json`, { headers: { cookie: cookies } })).json();
      assert.ok(JSON.stringify(json).includes(reference));
      assert.ok(!JSON.stringify(json).includes(code));
      assert.ok(!JSON.stringify(json).includes("Saturday"), "a receipt never holds an answer");

      // Anybody can check the file, uploaded or pasted, and hears of a changed one that it is.
      for (const [file, verdict] of [
        [JSON.stringify(json), /genuine and unchanged|ddilys a heb ei newid/],
        [JSON.stringify(json).replace(/"date":"[^"]+"/, '"date":"2020-01-01"'), /has been changed|wedi'i newid/],
      ]) {
        await p.go(`${prefix}/receipt/verify`);
        await p.page.locator("input[type=file]").setInputFiles({ name: "receipt.json", mimeType: "application/json", buffer: Buffer.from(file) });
        await p.follow(p.page.locator("main form button").first());
        assert.match(await p.page.locator("h1").innerText(), verdict);
        await p.go(`${prefix}/receipt/verify`);
        await p.page.locator("main textarea").fill(file);
        await p.follow(p.page.locator("main form button").first());
        assert.match(await p.page.locator("h1").innerText(), verdict);
      }

      // With the code, in another browser, without an account: one button withdraws.
      const q = await arrive(options);
      const pressed = await countPresses(q);
      await q.go(`${prefix}/your-response`);
      await q.page.locator("main input[type=text]").fill(code.toLowerCase().replaceAll("-", " "));
      await q.follow(q.page.locator("main form button").first());
      const held = await q.text();
      assert.ok(held.includes(reference));
      const before = held.length;
      await q.follow(q.page.locator('main form[action*="consent"] button').first());
      // UK GDPR art. 7(3): it shall be as easy to withdraw as to give consent. One press more leads from the confirmation to the code.
      const withdrawing = pressed() + 1;
      if (p.javaScript) assert.ok(consenting > 1 && withdrawing > 1, `${consenting} and ${withdrawing} presses are counted`);
      assert.ok(!p.javaScript || withdrawing <= consenting, `${withdrawing} presses withdraw, ${consenting} consent`);
      await q.go(`${prefix}/your-response/held`);
      assert.ok((await q.text()).length < before, "the equality answers are gone from the page");
      assert.equal(await q.page.locator('main form[action*="consent"] button').count(), 0, "nothing is left to withdraw");
      assert.ok((await q.text()).includes(reference), "the response itself stays");
      await q.leave();
      await p.leave();
    });
  }
});

describe("asking about one's information", () => {
  for (const [name, options, prefix] of [
    ["with scripts", {}, ""],
    ["without scripts", { javaScript: false }, ""],
    ["in Welsh on a phone", { width: 360 }, "/cy"],
  ]) {
    test(`a complaint without an account, ${name}`, async () => {
      const p = await arrive(options);
      const send = () => p.follow(p.page.locator("main form button").first());
      await p.go(`${prefix}/your-information`);
      await p.follow(p.page.locator("main a[role=button]"));
      await send();
      assert.match(await p.page.title(), /^(Error|Gwall):/);
      await p.page.locator("main input[value=complaint]").check();
      await send();
      await send();
      assert.equal(await p.page.locator(".govuk-error-summary li").count(), 2, "words and a way to answer are missing");
      await p.page.locator("[name=text]").fill("It went wrong.");
      await p.page.locator("[name=contact]").fill("07700 900123");
      await send();
      assert.match(p.page.url(), /\/your-information\/sent$/);
      assert.match(await p.text(), /\bR\d+\b/);
      await p.leave();
    });
  }
});

describe("choices that are respected", () => {
  test("refusing consent: the response counts, no equality question is asked", async () => {
    const p = await arrive();
    await p.go(`/c/${slug}/respond`);
    await answerAll(p);
    await send(p);
    await p.choose(/^Yes, answer the equality questions/);
    await p.press("Continue");
    await p.choose("Yes");
    await p.press("Continue");
    await p.choose(/^I do not consent/);
    await p.press("Continue");
    assert.match(p.page.url(), /\/done$/);
    assert.match(await p.text(), /No equality answer is held, and your response counts in full/);
    const { code } = await confirmation(p);
    await p.go("/your-response");
    await p.fill("Withdrawal code", code);
    await p.press("Continue");
    assert.match(await p.text(), /You did not consent/);

    // Withdrawing the whole response while the consultation is open.
    await p.press(/Withdraw my whole response/).catch(() => p.link(/Withdraw my whole response/));
    await p.press("Withdraw my whole response");
    assert.match(await p.heading(), /withdrawn/i);
    await p.go("/your-response");
    await p.fill("Withdrawal code", code);
    await p.page.getByRole("button", { name: "Continue" }).click();
    await p.page.waitForLoadState("load");
    await p.inspect();
    assert.match(await p.page.title(), /^Error: /, "the code opens nothing any more");
    await p.leave();
  });

  test("skipping the section: straight to the confirmation", async () => {
    const p = await arrive();
    await p.go(`/c/${slug}/respond`);
    await answerAll(p);
    await send(p);
    await p.choose(/^No, skip the equality questions/);
    await p.press("Continue");
    assert.match(await p.text(), /You skipped the equality questions/);
    await p.leave();
  });

  test("equality answers posted without consent are refused", async () => {
    const p = await arrive();
    await p.go(`/c/${slug}/respond`);
    await answerAll(p);
    await send(p);
    const token = p.page.locator("main form input[type=hidden]").first();
    const answer = await p.context.request.post(`${server.url}/c/${slug}/equality/age_band`, {
      form: { [await token.getAttribute("name")]: await token.inputValue(), age_band: "25_34" },
      headers: { origin: server.url },
    });
    const status = answer.status();
    assert.equal(status, 403);
    assert.match(await answer.text(), /Equality answers are taken only with your consent/, "refused for want of consent, not for its token");
    await p.go(`/c/${slug}/done`);
    const { code } = await confirmation(p);
    await p.go("/your-response");
    await p.fill("Withdrawal code", code);
    await p.press("Continue");
    assert.match(await p.text(), /We hold no equality answers/, "nothing was written");
    await p.leave();
  });
});

describe("errors that help", () => {
  test("a required question left blank: error summary, link to the field, title, answers kept", async () => {
    const p = await arrive();
    await p.go(`/c/${slug}/respond`);
    await p.press("Continue");
    assert.match(await p.page.title(), /^Error: /);
    const summary = p.page.locator(".govuk-error-summary");
    assert.ok(await summary.isVisible());
    assert.ok(await summary.evaluate((e) => e.contains(document.activeElement) || e === document.activeElement), "focus is on the summary");
    await summary.locator("a").first().click();
    assert.ok(await p.page.evaluate(() => document.activeElement.type === "radio"), "the link leads to the first radio");
    await p.shot("question-error");
    await p.leave();
  });

  test("a date that does not exist keeps what was typed", async () => {
    const p = await arrive();
    await p.go(`/c/${slug}/respond`);
    for (let i = 0; i < 10 && !p.page.url().endsWith("/used_on"); i++) await answerPage(p);
    await p.fill("Day", "31");
    await p.fill("Month", "2");
    await p.fill("Year", "2026");
    await p.press("Continue");
    assert.match(await p.page.title(), /^Error: /);
    assert.equal(await p.page.getByLabel("Day").inputValue(), "31");
    await p.leave();
  });

  test("changing an answer drops what no longer applies, and says so", async () => {
    const p = await arrive();
    await p.go(`/c/${slug}/respond`);
    await answerAll(p, { overall: "very_dissatisfied" });
    await p.go(`/c/${slug}/respond/overall?change=1`);
    await answerPage(p, { overall: "very_satisfied" });
    assert.match(p.page.url(), /\/respond\/check/);
    assert.match(await p.text(), /Answers that will not be sent/);
    await p.leave();
  });

  test("changing the language keeps place and answers", async () => {
    const p = await arrive();
    await p.go(`/c/${slug}/respond`);
    await p.page.locator("main input[type=radio]").nth(1).check();
    await p.press("Continue");
    await p.page.goBack();
    await p.inspect();
    await p.link(/Cymraeg/);
    assert.match(p.page.url(), /\/cy\/c\/.*\/respond\/service/);
    assert.ok(await p.page.locator("main input[type=radio]").nth(1).isChecked());
    await p.leave();
  });

  test("a double click on Send stores one response", async () => {
    const before = await responses();
    const p = await arrive();
    await p.go(`/c/${slug}/respond`);
    await answerAll(p);
    await p.page.getByRole("button", { name: "Send your response" }).dblclick();
    await p.page.waitForURL(/\/equality$/);
    await p.inspect();
    await p.page.goBack();
    await p.page.waitForLoadState("load");
    await p.inspect();
    await p.go(`/c/${slug}/done`);
    assert.ok((await confirmation(p)).reference);
    assert.equal(await responses(), before + 1, "one response more, not two");
    await p.leave();
  });
});

describe("with a keyboard only", () => {
  test("from the skip link over consent to the confirmation, and back to withdraw", async () => {
    const p = await arrive();
    await walkByKeyboard(p, slug);
    await p.leave();
  });
});

describe("pages beside the journey", () => {
  for (const prefix of ["", "/cy"]) {
    for (const width of [320, 1280]) {
      test(`${prefix || "/"} at ${width} px: every public page`, async () => {
        const p = await arrive({ width });
        await p.go(prefix || "/");
        const links = await p.page.$$eval("main a[href], footer a[href]", (all) => [...new Set(all.map((a) => a.getAttribute("href")))]);
        for (const href of links.filter((h) => h.startsWith("/"))) await p.go(href);
        await p.go(`${prefix}/no-such-page`, 404);
        await p.leave();
      });
    }
  }

  test("text at 200 per cent fits", async () => {
    const p = await arrive({ width: 640 });
    await p.go(`/c/${slug}/respond`);
    await p.page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    assert.equal(await p.page.evaluate(() => getComputedStyle(document.documentElement).fontSize), "32px");
    assert.ok((await p.overflow()) <= 1);
    await p.leave();
  });

  test("an inspection finds what is wrong", async () => {
    const p = await arrive();
    for (const [what, break_] of [
      [/image-alt/, () => document.querySelector("main").append(document.createElement("img"))],
      [/label/, () => document.querySelector("main").append(document.createElement("input"))],
      [/color-contrast/, () => document.querySelector("h1").style.setProperty("color", "#ddd")],
      [/sideways/, () => document.querySelector("h1").style.setProperty("width", "3000px")],
    ]) {
      await p.go("/");
      await p.page.evaluate(break_);
      await assert.rejects(p.inspect(), what);
    }
    await p.leave();
  });
});
