// People answer one after another at a device of the council, and nobody finds what somebody before them left. Axe after every navigation.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { closeBrowser, Person, startServer } from "./harness.mjs";
import { answerAll, confirmation } from "./journey.mjs";

let server;
let address;

before(async () => {
  server = await startServer();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

describe("a kiosk", () => {
  test("an officer finds the address where responses are recorded", async () => {
    const r = await Person.arrive(server.url);
    await r.go("/sign-in");
    await r.page.locator("input[name=email]").fill("researcher@wealdmere.example");
    await r.page.locator("input[name=password]").fill(server.password());
    await r.follow(r.page.locator("main form button").first());
    await r.go("/office/consultations");
    await r.link(/Library and leisure services feedback/);
    await r.go(`${new URL(r.page.url()).pathname}/record`);
    address = (await r.text()).match(/https?:\/\/\S+\/c\/service-feedback\/kiosk\/[0-9a-f]{20}/)[0];
    await r.fits(320);
    await r.leave();
  });

  test("somebody answers, keeps the code and finishes; the way back shows nothing", async () => {
    const p = await Person.arrive(server.url);
    await p.go(new URL(address).pathname);
    await p.press("Begin");
    assert.match(await p.page.content(), /Other people use this device/);
    await p.fits(320);
    await answerAll(p);
    await p.press("Send your response");
    await p.page.locator("main input[name=equality][value=no]").check();
    await p.press("Continue");
    const { code } = await confirmation(p);
    assert.ok(!p.page.url().includes(code));
    await p.press("Finish and clear the screen");
    assert.equal(new URL(p.page.url()).pathname, new URL(address).pathname);
    await p.page.goBack();
    await p.page.waitForLoadState("load");
    assert.ok(!(await p.page.content()).includes(code), "the code of the person before");

    await p.go("/your-response"); // their code works from anywhere
    await p.fill("Withdrawal code", code);
    await p.press("Continue");
    assert.match(await p.text(), /At a kiosk/);
    await p.leave();
  });

  test("whoever walks away is asked, by keyboard too, and then forgotten", async () => {
    const p = await Person.arrive(server.url);
    await p.page.clock.install();
    await p.go(new URL(address).pathname);
    await p.press("Begin");
    const question = p.page.getByRole("dialog", { name: "Are you still there?" });
    assert.equal(await question.isVisible(), false);
    await p.page.clock.runFor(119_000);
    assert.equal(await question.isVisible(), false);
    await p.page.clock.runFor(2_000);
    await question.waitFor();
    await p.inspect();
    await p.page.keyboard.press("Enter"); // the button has the focus
    await question.waitFor({ state: "hidden" });
    await p.page.clock.runFor(119_000);
    assert.equal(await question.isVisible(), false, "it waits again in full");
    await p.page.clock.runFor(2_000);
    await question.waitFor();
    await Promise.all([p.page.waitForURL("**/kiosk/*"), p.page.clock.runFor(61_000)]);
    await p.page.waitForLoadState("load");
    assert.match(await p.text(), /Begin/);
    await p.press("Begin"); // and a device that sleeps while somebody is there
    await p.page.clock.setSystemTime(Date.now() + 3_600_000); // its timers stood still
    await Promise.all([p.page.waitForURL("**/kiosk/*"), p.page.mouse.click(5, 5)]);
    await p.page.waitForLoadState("load");
    const answer = await p.page.request.get(`${server.url}/c/service-feedback/respond/check`);
    assert.equal(answer.status(), 410, "the draft is gone");
    await p.leave();
  });
});
