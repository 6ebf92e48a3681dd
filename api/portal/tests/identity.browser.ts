/** Signing in and what belongs to it, looked at in all its forms. */
import { expect } from "vitest";

import { nextCode } from "./harness/authenticator";
import { browserTest, withBrowser } from "./harness/browser";
import { isFor } from "./harness/documents";
import { mailedLink } from "./harness/mailbox";
import { ask, inviteByMail, member, password, somebody } from "./harness/people";

withBrowser();

browserTest("sign in: by keyboard alone, and back to where one wanted to go", async ({ place, visitor, page }) => {
  const person = await member(place, "contact");
  await page.goto("/my-account?from=a-link");
  await page.waitForURL("**/sign-in?next=*");
  expect(await page.locator("input[autocomplete=current-password]").getAttribute("type")).toBe("password");
  await visitor.inspect("sign-in");
  await page.keyboard.type(person.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type("not the right one at all");
  await page.keyboard.press("Enter");
  const summary = page.getByRole("alert");
  await summary.waitFor();
  expect(await summary.evaluate((box) => box === document.activeElement)).toBe(true);
  await visitor.inspect("sign-in-refused");
  await page.getByLabel("Password", { exact: false }).first().fill(password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/my-account?from=a-link");
  await page.getByRole("heading", { level: 1, name: "My Account" }).waitFor();
});

browserTest("sign in: an address leads nowhere else", async ({ place, page }) => {
  const person = await member(place, "contact");
  for (const elsewhere of ["//evil.example/", "https://evil.example/", "/\\evil.example"]) {
    await page.context().clearCookies();
    await page.goto(`/sign-in?next=${encodeURIComponent(elsewhere)}`);
    await page.locator("input[autocomplete=username]").fill(person.email);
    await page.locator("input[autocomplete=current-password]").fill(password);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${place.url}/`);
  }
});

browserTest("help, requests for links and for access", async ({ visitor, page }) => {
  for (const path of ["/sign-in/help", "/forgot-password", "/unlock-account", "/request-access"]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await visitor.inspect(path.slice(1).replace("/", "-"));
  }
  await page.getByRole("button", { name: "Submit" }).click();
  await page.getByRole("alert").waitFor();
  await visitor.inspect("request-access-incomplete");
  await page.getByRole("alert").getByRole("link", { name: "Account name" }).click();
  expect(await page.locator("#accountName").evaluate((field) => field === document.activeElement)).toBe(true);
  await page.getByLabel(/^Name/).fill("Ida Sample");
  await page.getByLabel(/^Email/).fill(somebody().email);
  await page.getByLabel(/^Account name/).fill("Sample Bakery");
  await page.getByRole("combobox", { name: "Type of Request" }).click();
  await page.getByRole("option", { name: "Request Customer Portal Access" }).click();
  await page.getByLabel(/^Description/).fill("For me, please.");
  await page.getByRole("button", { name: "Submit" }).click();
  await page.getByText("Thank you, we have your request").waitFor();
  await visitor.inspect("request-access-done");
});

browserTest(
  "mailed links: what they say, and what is said of one that is not good",
  async ({ place, visitor, page }) => {
    const person = somebody("Ida Sample");
    await inviteByMail(place, person);
    await page.goto(await mailedLink(place, person.email, "/activate"));
    await page.getByLabel(/^New password/).fill("short");
    await page.getByLabel(/^Confirm new password/).fill("shore");
    await page.getByRole("button", { name: "Activate" }).click();
    await page.getByText("This is not the same as the new password.").first().waitFor();
    await visitor.inspect("activate");
    await page.getByLabel(/^New password/).fill(password);
    await page.getByLabel(/^Confirm new password/).fill(password);
    await page.getByRole("button", { name: "Activate" }).click();
    await page.getByText("Your account is active").waitFor();
    await visitor.inspect("activate-done");
    await page.goto("/unlock#nothing-that-was-mailed");
    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("alert").waitFor();
    await visitor.inspect("unlock");
    await page.goto("/reset-password#nothing-that-was-mailed");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await visitor.inspect("reset-password");
  },
);

browserTest("forgotten password: the challenge question is asked as well", async ({ place, visitor, page }) => {
  const person = await member(place, "contact");
  await visitor.signIn(person, "/my-account/password");
  await page.locator("#challenge-question").click();
  await page.getByRole("option", { name: "What name would you paint on a ship?" }).click();
  await page.getByLabel(/^Answer/).fill("Quietwater");
  await page.locator("#challenge-currentPassword").fill(password);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Challenge question saved").waitFor();
  await visitor.inspect("my-account-password");
  await page.goto("/forgot-password");
  await page.locator("#name").fill(person.email);
  await page.getByRole("button", { name: "Reset via Email" }).click();
  await page.getByRole("status").waitFor();
  await visitor.inspect("forgot-password-sent");
  await page.goto(await mailedLink(place, person.email, "/reset-password"));
  await page.getByLabel(/^New password/).fill("copper kettle beside nine rivers");
  await page.getByLabel(/^Confirm new password/).fill("copper kettle beside nine rivers");
  await page.getByRole("button", { name: "Set the new password" }).click();
  await page.getByText("What name would you paint on a ship?").waitFor();
  await visitor.inspect("reset-password-question");
  await page.getByLabel(/^Answer/).fill("  quietWATER ");
  await page.getByRole("button", { name: "Set the new password" }).click();
  await page.getByText("Password changed successfully").waitFor();
  await page.getByRole("link", { name: "Sign in" }).waitFor();
});

browserTest("two-factor: set up, asked for at sign-in, switched off", async ({ place, visitor, page, another }) => {
  const person = await member(place, "contact");
  await visitor.signIn(person, "/my-account");
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  await page.locator("#factor-currentPassword").fill(password);
  await page.keyboard.press("Enter");
  await page.getByText("Scan this picture").waitFor();
  await visitor.inspect("my-account-factor");
  const secret = (await page.locator("pre").innerText()).trim();
  await page.getByLabel(/^Code/).fill(await nextCode(secret));
  await page.keyboard.press("Enter");
  await page.getByText("Keep these recovery codes").waitFor();
  await visitor.inspect("my-account-recovery-codes");
  const [recoveryCode = ""] = (await page.locator("pre").innerText()).trim().split("\n");

  const elsewhere = await another();
  await elsewhere.page.goto("/sign-in");
  await elsewhere.page.locator("input[autocomplete=username]").fill(person.email);
  await elsewhere.page.locator("input[autocomplete=current-password]").fill(password);
  await elsewhere.page.keyboard.press("Enter");
  await elsewhere.page.locator("#code").waitFor();
  await elsewhere.inspect("sign-in-code");
  await elsewhere.page.getByRole("button", { name: "Use a recovery code" }).click();
  await elsewhere.page.locator("#recoveryCode").fill(recoveryCode);
  await elsewhere.page.keyboard.press("Enter");
  await elsewhere.page.waitForURL((url) => url.pathname === "/");

  await page.getByRole("button", { name: "Switch off" }).click();
  await page.locator("#factor-currentPassword").fill(password);
  await page.locator("#factor-code").fill(await nextCode(secret));
  await page.locator("form").getByRole("button", { name: "Switch off" }).click();
  await page.getByText("Two-factor authentication is off").waitFor();
});

browserTest("my account: sessions, mail, language and colors", async ({ place, visitor, page, another }) => {
  const person = await member(place, "contact");
  const elsewhere = await another();
  await elsewhere.signIn(person, "/my-account");
  await visitor.signIn(person, "/my-account");
  await page.getByText("This browser").waitFor();
  await visitor.inspect("my-account");
  await page.getByRole("button", { name: "Sign out there" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Current password").fill(password);
  await visitor.inspect("my-account-end-session");
  await dialog.getByRole("button", { name: "Sign out there" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Sign out there" }).waitFor({ state: "detached" });
  elsewhere.expectComplaint(/401/);
  await elsewhere.page.reload();
  await elsewhere.page.waitForURL("**/sign-in?next=*");

  const choice = page.getByLabel("A case was closed");
  const saving = page.waitForResponse((response) => isFor(response.request(), "PreferencesSet"));
  await choice.uncheck();
  await saving;
  await page.reload();
  await choice.waitFor();
  expect(await choice.isChecked()).toBe(false);

  await page.getByText("Dark", { exact: true }).click();
  await page.locator("html[data-mantine-color-scheme=dark]").waitFor();
  await page.getByRole("main").getByText("Español").click();
  await page.getByRole("heading", { level: 1, name: "Mi cuenta" }).waitFor();
  const input = { name: person.email, password, transport: "TOKEN" };
  const document = "mutation ($input: SignInInput!) { signIn(input: $input) { token } }";
  const { signIn } = await ask<{ signIn: { token: string } }>(place, document, { input });
  const saved = "{ viewer { preferences { language unwanted } } }";
  await expect
    .poll(() => ask(place, saved, {}, signIn.token))
    .toEqual({ viewer: { preferences: { language: "SPANISH", unwanted: ["CASE_CLOSED"] } } });
});
