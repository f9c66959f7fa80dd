// The data protection officer's registers, in Chromium: a screening is decided, the record of processing is read and compared. axe runs after every navigation.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { closeBrowser, Person, startServer } from "./harness.mjs";

let server;

before(async () => {
  server = await startServer();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

async function officer() {
  const p = await Person.arrive(server.url);
  await p.go("/sign-in");
  await p.page.locator("input[name=email]").fill("dpo@wealdmere.example");
  await p.page.locator("input[name=password]").fill(server.password());
  await p.follow(p.page.locator("main form button").first());
  return p;
}

describe("the registers", () => {
  test("a screening waits on the first page, is refused without reasons, and is decided", async () => {
    const p = await officer();
    await p.follow(p.page.getByRole("link", { name: /waits for your decision about a DPIA/ }));
    await p.follow(p.page.locator("main table a").first());
    assert.match(await p.text(), /The service makes no decisions about anybody/);
    await p.follow(p.page.locator("main form button").last());
    assert.match(await p.page.title(), /^Error: /);
    await p.page.locator("input[name=ruling][value=refused]").check();
    await p.page.locator("textarea[name=reasons]").fill("The survey is not translated yet.");
    await p.follow(p.page.locator("main form button").last());
    assert.match(await p.text(), /Your decision is recorded/);
    assert.match(await p.text(), /Nothing waits for you/);
    await p.leave();
  });

  test("the record of processing is filtered, read in Welsh, downloaded, and compared month by month", async () => {
    const p = await officer();
    await p.go("/office/registers");
    await p.follow(p.page.getByRole("link", { name: "Record of processing activities" }));
    await p.page.locator("select[name=kind]").selectOption("service");
    await p.page.locator("input[name=words]").fill("audit log");
    await p.follow(p.page.getByRole("button", { name: "Filter" }));
    assert.match(await p.text(), /Audit log/);
    assert.doesNotMatch(await p.text(), /Market Square/);
    await p.go("/cy/office/registers/processing");
    await p.follow(p.page.locator("main table a").first());
    assert.match(await p.text(), /Ni wneir penderfyniadau awtomataidd am neb/);
    const csv = await p.page.request.get(`${server.url}/office/registers/processing/record.csv`);
    assert.equal(csv.status(), 200);
    assert.match(await csv.text(), /Controller/);
    await p.go("/office/registers/processing/snapshots");
    await p.follow(p.page.locator("main table a").first());
    assert.match(await p.text(), /What changed since the snapshot of/);
    await p.leave();
  });

  test("a disclosure is recorded, cannot be closed while the recipient has to be told, and is closed", async () => {
    const p = await officer();
    await p.go("/office/registers/disclosures");
    assert.match(await p.text(), /Fenwick Climate/, "what left in the ordinary way is listed by the service");
    await p.follow(p.page.getByRole("button", { name: "Record a disclosure" }).or(p.page.getByRole("link", { name: "Record a disclosure" })).first());
    await p.follow(p.page.locator("main form button").last());
    assert.match(await p.page.title(), /^Error: /);
    const today = new Date();
    const day = { day: `${today.getDate()}`, month: `${today.getMonth() + 1}`, year: `${today.getFullYear()}` };
    const date = async (name) => {
      for (const [part, value] of Object.entries(day)) await p.page.locator(`[name="${name}-${part}"]`).fill(value);
    };
    await p.page.locator("[name=kind]").selectOption("police");
    await p.page.locator("[name=gateway]").selectOption("crime");
    for (const name of ["requester", "why", "categories", "authoriser", "told_why"]) await p.page.locator(`[name=${name}]`).fill("Reference 17");
    for (const [name, value] of [["outcome", "part"], ["form", "identifiable"], ["told", "no"]]) await p.page.locator(`[name=${name}][value="${value}"]`).check();
    await p.page.locator("[name=notify]").check();
    await date("asked");
    await date("given");
    await p.follow(p.page.locator("main form button").last());
    assert.match(await p.text(), /The disclosure is recorded/);
    await p.follow(p.page.getByRole("button", { name: "Close it" }));
    assert.match(await p.text(), /The recipient has to be told first/);
    await p.follow(p.page.getByRole("button", { name: "Change" }).or(p.page.getByRole("link", { name: "Change" })).first());
    await date("notified");
    await p.follow(p.page.locator("main form button").last());
    await p.follow(p.page.getByRole("button", { name: "Close it" }));
    assert.match(await p.text(), /The disclosure is closed/);
    await p.go("/cy/office/registers/disclosures");
    await p.go("/office/registers");
    assert.match(await p.text(), /Agreements with partners/);
    await p.leave();
  });

  test("a processor is recorded, what its contract lacks is named with the clause, and a recipient that a notice names is found missing", async () => {
    const p = await officer();
    await p.follow(p.page.getByRole("link", { name: /processor or recipient to put in order|processors and recipients to put in order/ }));
    assert.match(await p.text(), /Larkspur Translation[\s\S]*Open: 2 things are missing/);
    await p.follow(p.page.getByRole("link", { name: "Record a processor or recipient" }).or(p.page.getByRole("button", { name: "Record a processor or recipient" })).first());
    await p.page.locator("[name=has_e]").selectOption("yes");
    await p.page.locator("[name=kind][value=processor]").check();
    await p.follow(p.page.locator("main form button").last());
    assert.match(await p.page.title(), /^Error: /);
    assert.match(await p.text(), /Enter where the contract says it \(UK GDPR art\. 28\(3\)\(e\)\)/);
    for (const name of ["name", "does", "data", "people", "location"]) await p.page.locator(`[name=${name}]`).fill("Hosting Ltd");
    await p.page.locator("[name=form][value=identifiable]").check();
    await p.page.locator("[name=where_e]").fill("Schedule 2");
    await p.follow(p.page.locator("main form button").last());
    assert.match(await p.text(), /The entry is recorded/);
    assert.match(await p.text(), /There is no contract or arrangement \(UK GDPR art\. 28\(3\)\)/);
    assert.doesNotMatch(await p.text(), /It helps the council to answer requests of people \(UK/, "that clause is there");
    await p.follow(p.page.getByRole("button", { name: "End this entry" }));
    assert.match(await p.text(), /Say first what became of the information/);
    await p.go("/cy/office/registers/processors");
    assert.doesNotMatch(await p.text(), /Ar goll/, "whom notices name is in the register");
    await p.go("/office/registers/processors");
    await p.follow(p.page.getByRole("link", { name: "Fenwick Climate" }).first());
    await p.follow(p.page.getByRole("link", { name: /^Change/ }).or(p.page.getByRole("button", { name: /^Change/ })).first());
    await p.page.locator("[name=name]").fill("Fenwick Holdings");
    await p.follow(p.page.locator("main form button").last());
    await p.go("/cy/office/registers/processors");
    assert.match(await p.text(), /Fenwick Climate/);
    assert.match(await p.text(), /Ar goll/);
    const csv = await p.page.request.get(`${server.url}/office/registers/processors/processors.csv`);
    assert.match(await csv.text(), /Hosting Ltd/);
    await p.go("/office/registers/processing");
    assert.match(await p.text(), /Hosting Ltd/, "the record of processing lists who gets information");
    await p.leave();
  });
});
