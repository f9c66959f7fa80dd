// Makes the screenshots of the README and of docs/dpo.md in docs/screens, from the demonstration. Run by `make screenshots`.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { closeBrowser, out, Person, startServer } from "./harness.mjs";
import { answerAll, answerPage } from "./journey.mjs";

const screens = join(out, "..", "..", "..", "docs", "screens");

const server = await startServer();
try {
  await mkdir(screens, { recursive: true });
  const shoot = async (person, name, height = 900) => {
    await person.page.setViewportSize({ width: person.page.viewportSize().width, height });
    await person.page.screenshot({ path: join(screens, `${name}.png`) });
  };
  const resident = await Person.arrive(server.url);
  await resident.go("/");
  await shoot(resident, "hub", 1000);
  await resident.go("/c/service-feedback/respond");
  while (!resident.page.url().endsWith("/overall")) await answerPage(resident);
  await shoot(resident, "question");
  await answerAll(resident);
  await resident.press("Send your response");
  await resident.page.locator("main input[type=radio]").first().check();
  await resident.press("Continue");
  await shoot(resident, "consent", 1100);

  const phone = await Person.arrive(server.url, { width: 360 });
  await phone.go("/cy/c/service-feedback/respond");
  await shoot(phone, "question-welsh-phone", 760);

  const office = await Person.arrive(server.url);
  await office.go("/sign-in");
  await office.page.locator("input[name=email]").fill("researcher@wealdmere.example");
  await office.page.locator("input[name=password]").fill(server.password());
  await office.follow(office.page.locator("main form button").first());
  await office.go("/office/consultations");
  await office.link(/Living in Wealdmere/);
  await office.go(`${new URL(office.page.url()).pathname}/results`);
  await office.page.locator("main svg").nth(1).scrollIntoViewIfNeeded();
  await shoot(office, "results", 1000);

  const partner = await Person.arrive(server.url);
  await partner.go("/sign-in");
  await partner.page.locator("input[name=email]").fill("partner@fenwick.example");
  await partner.page.locator("input[name=password]").fill(server.password());
  await partner.follow(partner.page.locator("main form button").first());
  await partner.follow(partner.page.locator('main a[href*="/partner/releases/"]').first());
  await partner.page.locator("main table").nth(2).scrollIntoViewIfNeeded();
  await shoot(partner, "release", 1000);

  const asks = await Person.arrive(server.url);
  await asks.go("/your-information/ask?about=access");
  await asks.page.locator("main [name=name]").fill("Gwen Example");
  await asks.page.locator("main [name=contact]").fill("gwen@resident.example");
  await asks.page.locator("main [name=text]").fill("What do you hold about me? I answered in spring.");
  await asks.page.locator("main [name=name]").blur();
  await asks.page.evaluate(() => window.scrollTo(0, 0));
  await shoot(asks, "ask", 1700);
  await asks.follow(asks.page.locator("main form button.govuk-button").last());

  const officer = await Person.arrive(server.url);
  await officer.go("/sign-in");
  await officer.page.locator("input[name=email]").fill("dpo@wealdmere.example");
  await officer.page.locator("input[name=password]").fill(server.password());
  await officer.follow(officer.page.locator("main form button").first());
  await officer.go("/office/breaches/new");
  await officer.page.locator("[name=what]").fill("A printed summary was left on a bus.");
  await officer.page.locator('[name=kinds][value="confidentiality"]').check();
  await officer.follow(officer.page.locator("main form button.govuk-button").last());
  await shoot(officer, "breach", 1000);
  await officer.go("/office/requests");
  await shoot(officer, "requests");
  await officer.link(/^R1/);
  await shoot(officer, "request", 1300);
  await officer.go(`${new URL(officer.page.url()).pathname}/letters/acknowledgement`);
  await shoot(officer, "letter");
  await officer.go("/office/registers/screenings");
  await officer.follow(officer.page.locator("main table a").first());
  await shoot(officer, "screening", 1700);
  await officer.go("/office/registers/processing");
  await shoot(officer, "processing", 1300);
} finally {
  await closeBrowser();
  await server.stop();
}
