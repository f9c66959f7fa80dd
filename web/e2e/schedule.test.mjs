// A council's published retention schedule, with the keyboard alone: a file with faults, what is in it, its lines stored, one taken over, and what everybody reads.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { closeBrowser, Person, startServer } from "./harness.mjs";
import { enter, tabTo } from "./keyboard.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "internal", "privacy", "testdata", "schedule");

let server;

before(async () => {
  server = await startServer();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

async function officer(options = {}) {
  const p = await Person.arrive(server.url, options);
  await p.go("/sign-in");
  await p.page.locator("input[name=email]").fill("dpo@wealdmere.example");
  await p.page.locator("input[name=password]").fill(server.password());
  await p.follow(p.page.locator("main form button").first());
  return p;
}

describe("the published retention schedule", () => {
  test("is imported and taken over with the keyboard", async () => {
    const p = await officer();
    await p.go("/office/retention");
    await tabTo(p, 'main a[href$="/retention/schedule"]');
    await enter(p);
    assert.match(await p.text(), /No schedule has been imported yet/);
    await tabTo(p, 'main a[href$="/schedule/import"]');
    await enter(p);
    await tabTo(p, "textarea[name=source]");
    await p.page.keyboard.insertText("ref,title,class,trigger,period,action\nCE 1,Responses,survey_answers,closed,Permanent,destroy\nCE 1,,,,1 year,\n");
    await tabTo(p, "main form button");
    await enter(p);
    assert.match(await p.page.title(), /^Error: /);
    assert.match(await p.text(), /Enter one length of time such as 3 years/);
    assert.match(await p.text(), /Line 2 has the same reference/);
    await tabTo(p, "textarea[name=source]");
    await p.page.keyboard.press("ControlOrMeta+A");
    await p.page.keyboard.insertText(await readFile(join(folder, "wealdmere.csv"), "utf8"));
    await tabTo(p, "main form button");
    await enter(p);
    assert.match(await p.text(), /Nothing is stored yet/);
    await tabTo(p, "main form button");
    await enter(p);
    assert.match(await p.text(), /The schedule is stored. No rule was changed/);
    assert.equal(await p.page.evaluate(() => location.pathname), "/office/retention/schedule");
    await tabTo(p, 'main a[href$="/schedule/take-over"]');
    await enter(p);
    assert.equal(await p.page.locator("main input[type=checkbox]:checked").count(), 0, "nothing is chosen beforehand");
    await tabTo(p, 'main input[name=line][value="CE 1.2"]');
    await p.page.keyboard.press("Space");
    await tabTo(p, "main form button");
    await enter(p);
    assert.match(await p.text(), /Taken over as rules: 1/);
    await p.go("/office/retention/rules/free_text");
    await tabTo(p, 'main a[href*="#line-"]');
    await enter(p);
    assert.equal(await p.page.evaluate(() => document.querySelector(":target")?.innerText.includes("CE 1.2")), true, "the rule leads to its line");
    await p.leave();
  });

  test("is read by everybody, on a phone, in Welsh, without scripts, and as a file", async () => {
    for (const javaScript of [true, false]) {
      const p = await Person.arrive(server.url, { width: 360, javaScript });
      await p.go("/how-long");
      await p.link("Our retention schedule");
      assert.match(await p.text(), /We follow this line: 2 years/);
      await p.go("/cy/how-long/schedule");
      assert.match(await p.text(), /Rydym yn dilyn y llinell hon: 2 flynedd/);
      assert.ok((await p.page.locator('main [lang="en"]').count()) > 10, "the council's English words are marked");
      await p.leave();
    }
    const csv = await (await fetch(`${server.url}/how-long/schedule.csv`)).text();
    assert.match(csv, /CE 1\.2/);
  });

  test("a file is chosen without scripts, and the schedule is removed", async () => {
    const p = await officer({ width: 360, javaScript: false });
    await p.go("/office/retention/schedule/import");
    await p.page.locator("input[type=file]").setInputFiles(join(folder, "cymru.csv"));
    await p.page.locator("input[name=lang][value=cy]").check();
    await p.follow(p.page.locator("main form button").first());
    await p.follow(p.page.locator("main form button").first());
    assert.match(await p.text(), /The schedule is stored/);
    assert.match(await p.text(), /Rule “free_text” names the line “CE 1.2”/);
    await p.go("/office/retention/schedule/remove");
    await p.follow(p.page.locator("main form button").first());
    assert.match(await p.text(), /The schedule is removed. The rules are as they were/);
    await p.go("/how-long/schedule", 404);
    await p.leave();
  });
});
