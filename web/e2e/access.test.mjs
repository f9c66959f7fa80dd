// Who may come in, in Chromium: the statement of confidentiality, a review of access and access for support, by keyboard. axe runs after every navigation.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { closeBrowser, Person, startServer } from "./harness.mjs";
import { enter, tabTo } from "./keyboard.mjs";

let server;

before(async () => {
  server = await startServer();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

async function signIn(email, password = server.password(), options = {}) {
  const p = await Person.arrive(server.url, options);
  await p.go("/sign-in");
  await p.page.locator("input[name=email]").fill(email);
  await p.page.locator("input[name=password]").fill(password);
  await p.follow(p.page.locator("main form button").first());
  return p;
}

const administrator = (options) => signIn("administrator@wealdmere.example", undefined, options);
const officer = (options) => signIn("dpo@wealdmere.example", undefined, options);

/** Invites a researcher and opens the link with a browser of their own. */
async function newcomer(email) {
  const admin = await administrator();
  await admin.go("/office/staff/new");
  await admin.page.locator("input[name=name]").fill("Nia Newcomer");
  await admin.page.locator("input[name=email]").fill(email);
  await admin.page.locator("input[name=role][value=researcher]").check();
  await admin.follow(admin.page.locator("main form button").first());
  const link = (await admin.text()).match(/\/invitation\/\S+/)[0];
  await admin.leave();
  const p = await Person.arrive(server.url);
  await p.go(link);
  for (const name of ["password", "again"]) await p.page.locator(`input[name=${name}]`).fill("quiet harbour lantern 47");
  await p.follow(p.page.locator("main form button").first());
  return p;
}

describe("confidentiality", () => {
  test("somebody new accepts the statement with the keyboard, and gets where they wanted", async () => {
    const p = await newcomer("nia@wealdmere.example");
    assert.match(await p.heading(), /Before you begin: confidentiality/);
    await p.shot("acknowledge-en-1280");
    await p.fits(320);
    await p.go("/cy/office/consultations?status=open");
    assert.match(await p.heading(), /Cyn i chi ddechrau/);
    await tabTo(p, "main form button");
    await enter(p);
    assert.match(await p.page.title(), /^Gwall: /);
    assert.match(await p.text(), /Dewiswch eich bod yn derbyn/);
    await tabTo(p, "main form input[name=accept]");
    await p.page.keyboard.press("Space");
    await tabTo(p, "main form button");
    await enter(p);
    assert.match(p.page.url(), /\/cy\/office\/consultations\?status=open$/);
    await p.leave();
  });

  test("the officer changes its words, everybody accepts them anew, and what was typed meanwhile is printed back", async () => {
    const researcher = await signIn("researcher@wealdmere.example");
    await researcher.go("/office/consultations/new");
    const o = await officer();
    await o.go("/office/registers");
    await o.link("Statement of confidentiality");
    await o.page.locator("textarea[name=text-en]").fill("");
    await o.follow(o.page.locator("main form button").last());
    assert.match(await o.page.title(), /^Error: /);
    await o.page.locator("textarea[name=text-en]").fill("Keep what you read here to yourself.");
    await o.page.locator("textarea[name=text-cy]").fill("Cadwch yr hyn a ddarllenwch yma i chi eich hun.");
    await o.follow(o.page.locator("main form button").last());
    assert.match(await o.text(), /You accepted an earlier statement/);
    await o.tick(/I have read the statement/);
    await o.press("Accept and go on");
    assert.match(await o.text(), /1 of \d+ accounts/);
    await o.leave();

    const typed = "title: What I typed for an hour and do not want to lose to new words";
    const source = researcher.page.locator("main textarea").first();
    await researcher.page.locator("input[name=from]").last().check();
    await source.fill(typed);
    await researcher.follow(researcher.page.locator("main form button").last());
    assert.match(await researcher.heading(), /Nothing was saved/);
    assert.equal(await researcher.page.locator("main textarea").first().inputValue(), typed);
    await researcher.follow(researcher.page.getByRole("button", { name: "Read the statement" }).or(researcher.page.getByRole("link", { name: "Read the statement" })).first());
    await researcher.tick(/I have read the statement/);
    await researcher.press("Accept and go on");
    assert.match(researcher.page.url(), /\/office\/consultations\/new$/);
    await researcher.leave();
    for (const email of ["administrator@wealdmere.example", "dpo@wealdmere.example"]) {
      const p = await signIn(email);
      if (/acknowledge/.test(p.page.url())) {
        await p.tick(/I have read the statement/);
        await p.press("Accept and go on");
      }
      await p.leave();
    }
  });
});

describe("a review of access", () => {
  test("is begun by keyboard, saved in part, and finished by two people", async () => {
    const a = await administrator();
    await a.go("/office/access");
    await a.shot("access-list-en-1280");
    await a.fits(320);
    await tabTo(a, "main a[href$='/office/access/review']");
    await enter(a);
    await a.fits(320);
    await tabTo(a, "main form button", 200);
    await enter(a);
    assert.match(await a.page.title(), /^Error: /);
    assert.match(await a.text(), /Decide about at least one account/);
    await tabTo(a, "main form input[type=radio]");
    await a.page.keyboard.press("ArrowDown");
    await tabTo(a, "main form button", 200);
    await enter(a);
    assert.match(await a.text(), /Enter why this person's access ends/);
    await a.shot("access-review-errors-en-1280");
    await tabTo(a, "main form input[type=radio]");
    await a.page.keyboard.press("ArrowUp");
    await tabTo(a, "main form button", 200);
    await enter(a);
    assert.match(await a.text(), /Your decisions are saved/);
    for (const radio of await a.page.locator("main input[type=radio][value=keep]").all()) await radio.check();
    const nia = a.page.getByRole("group", { name: /Does Nia Newcomer still need access/ });
    await nia.getByRole("radio", { name: "End access now" }).check();
    await a.page.getByLabel("Reason for Nia Newcomer").fill("Left the council");
    await a.press("Save decisions");
    assert.match(await a.text(), /Somebody else has to decide about these/);
    await a.leave();

    const gone = await Person.arrive(server.url);
    await gone.go("/sign-in");
    await gone.page.locator("input[name=email]").fill("nia@wealdmere.example");
    await gone.page.locator("input[name=password]").fill("quiet harbour lantern 47");
    await gone.follow(gone.page.locator("main form button").first());
    assert.match(await gone.page.title(), /^Error: /);
    await gone.leave();

    const o = await officer({ width: 360 });
    await o.go("/cy/office/access/review");
    await o.shot("access-review-cy-360");
    for (const radio of await o.page.locator("main input[type=radio][value=keep]").all()) await radio.check();
    await o.follow(o.page.locator("main form button").last());
    assert.match(await o.text(), /Mae'r adolygiad wedi'i orffen/);
    await o.shot("access-list-cy-360");
    await o.go("/office/access/reviews/1");
    assert.match(await o.text(), /Left the council/);
    const csv = await o.page.request.get(`${server.url}/office/access/reviews/1/review.csv`);
    assert.equal(csv.status(), 200);
    assert.match(await csv.text(), /Nia Newcomer.*Access ended.*Left the council/);
    await o.leave();
  });
});

describe("access for support", () => {
  test("is opened by keyboard with a reason, shows the system and nothing else, and its session is dead once the officer ends it", async () => {
    const a = await administrator();
    await a.go("/office/access");
    await tabTo(a, "main a[href$='/office/access/support']");
    await enter(a);
    await tabTo(a, "main a[href$='/office/access/support/new']");
    await enter(a);
    await tabTo(a, "main form button");
    await enter(a);
    assert.match(await a.page.title(), /^Error: /);
    await a.shot("support-errors-en-1280");
    for (const [name, value] of [["name", "Bryn Host"], ["email", "bryn@hosting.example"], ["organisation", "Hosting Ltd"], ["reason", "Pages are slow since Monday"]]) {
      await tabTo(a, `main form [name=${name}]`);
      await a.page.keyboard.type(value);
    }
    await tabTo(a, "main form button");
    await enter(a);
    const link = (await a.text()).match(/\/invitation\/\S+/)[0];
    await a.leave();

    const p = await Person.arrive(server.url);
    await p.go(link);
    for (const name of ["password", "again"]) await p.page.locator(`input[name=${name}]`).fill("quiet harbour lantern 47");
    await p.follow(p.page.locator("main form button").first());
    await p.tick(/I have read the statement/);
    await p.press("Accept and go on");
    await p.follow(p.page.locator("main a[href$='/office/system']"));
    assert.equal(await p.heading(), "State of the system");
    await p.shot("system-en-1280");
    await p.fits(320);
    await p.go("/cy/office/system");
    for (const path of ["/office/consultations", "/office/access", "/office/audit", "/office/requests"]) await p.go(path, 403);

    const o = await officer({ width: 360 });
    await o.go("/cy/office/access/support");
    assert.match(await o.text(), /Bryn Host[\s\S]*Pages are slow since Monday/);
    await o.shot("support-cy-360");
    await o.press("Dod ag ef i ben nawr");
    assert.match(await o.text(), /Mae'r mynediad wedi dod i ben/);
    await o.leave();
    await p.go("/office/system");
    assert.match(p.page.url(), /sign-in/);
    await p.leave();
  });
});
