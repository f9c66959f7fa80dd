// Makes the screenshots of the README in docs/screens, from the demonstration. Run by `make screenshots`.
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
} finally {
  await closeBrowser();
  await server.stop();
}
