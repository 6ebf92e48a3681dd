/** Where a second factor is demanded of everybody. */
import { afterAll, beforeAll, test } from "vitest";

import { nextCode } from "./harness/authenticator";
import { type Scene, perform, withBrowser } from "./harness/browser";
import { member, password } from "./harness/people";
import { type RunningServer, startServer } from "./harness/server";

withBrowser();

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ CASESTREAM_SECOND_FACTOR: "everyone" });
});
afterAll(async () => {
  await server.stop();
  server.remove();
});

test("a second factor first", async () => {
  await perform("a second factor first", "en", factorFirst, server.place);
});

/** Set up before anything else, and then to where one wanted to go; and first again once it was switched off. */
async function factorFirst({ place, visitor, page }: Scene): Promise<void> {
  const person = await member(place, "contact");
  await page.goto("/my-account");
  await page.locator("input[autocomplete=username]").fill(person.email);
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Add a second factor" }).waitFor();
  await visitor.inspect("factor-first");
  await page.goto("/support");
  await page.getByRole("heading", { level: 1, name: "Add a second factor" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");

  await page.goto("/support");
  await page.locator("input[autocomplete=username]").fill(person.email);
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.keyboard.press("Enter");
  await page.getByLabel("Current password").fill(password);
  await page.keyboard.press("Enter");
  await page.getByText("Scan this picture").waitFor();
  await visitor.inspect("factor-first-scan");
  const secret = (await page.locator("pre").innerText()).trim();
  await page.getByLabel(/^Code/).fill(await nextCode(secret));
  await page.keyboard.press("Enter");
  await page.getByText("Keep these recovery codes").waitFor();
  await visitor.inspect("factor-first-codes");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { level: 1, name: "Support" }).waitFor();

  await page.goto("/my-account");
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.locator("#factor-currentPassword").fill(password);
  await page.locator("#factor-code").fill(await nextCode(secret));
  await page.locator("form").getByRole("button", { name: "Switch off" }).click();
  await page.getByRole("heading", { level: 1, name: "Add a second factor" }).waitFor();
}
