/** Requests for access, as a supervisor decides of them. */
import { expect } from "vitest";

import { browserTest, withBrowser, type Visitor } from "./harness/browser";
import { customer } from "./harness/customers";
import { mailSaying, mailedLink } from "./harness/mailbox";
import { ask, member, password, somebody, type Person } from "./harness/people";
import type { Place } from "./harness/server";

withBrowser();

async function request(place: Place, type: string, person: Person, accountName: string, more: string): Promise<void> {
  const document =
    "mutation ($input: AccessRequestSubmitInput!) { accessRequestSubmit(input: $input) { received userErrors { message } } }";
  const input = {
    ...person,
    type,
    phone: "+1 555 0100",
    accountName,
    serviceAddress: "1 Example Square",
    description: more,
  };
  const { accessRequestSubmit: answer } = await ask<{ accessRequestSubmit: { received: boolean } }>(place, document, {
    input,
  });
  expect(answer.received).toBe(true);
}

async function open(visitor: Visitor, name: string): Promise<void> {
  await visitor.page.getByRole("link", { name: "Access requests" }).click();
  await visitor.page.getByRole("link", { name }).click();
  await visitor.page.getByRole("heading", { name: `Request of ${name}` }).waitFor();
}

browserTest("a supervisor decides of everybody in a request", async ({ place, visitor, page, another }) => {
  const { account } = await customer(place);
  const asker = somebody(`Ida Moss ${account.slice(-4)}`);
  const colleague = somebody("Ben Ito");
  const stranger = somebody("Max Unknown");
  await request(place, "PORTAL_ACCESS", asker, account, `Please let ${colleague.name} (${colleague.email}) in, too.`);
  await visitor.signIn(await member(place, "supervisor", somebody("Sue Perry")));
  await page.getByRole("link", { name: "Access requests" }).click();
  await page.getByRole("link", { name: asker.name }).waitFor();
  await open(visitor, asker.name);
  const dialog = page.getByRole("dialog");
  for (const person of [colleague, stranger]) {
    await page.getByRole("button", { name: "Add a person" }).click();
    await dialog.getByLabel("Name").fill(person.name);
    if (person === colleague) {
      await dialog.getByRole("button", { name: "Add" }).click();
      await dialog.getByText("Please fill this in.").first().waitFor();
    }
    await dialog.getByLabel("Email").fill(person.email);
    await dialog.getByRole("button", { name: "Add" }).click();
    await page.getByRole("article", { name: person.name }).waitFor();
  }

  const approve = async (person: Person, role: string) => {
    await page.getByRole("button", { name: `Approve ${person.name}` }).click();
    await dialog.getByRole("button", { name: "Approve" }).click();
    await dialog.getByText("Please look at this").waitFor();
    const picker = dialog.locator("#accountId");
    await picker.fill(account);
    await page
      .getByRole("option", { name: new RegExp(`^${account}`, "u") })
      .first()
      .click();
    await dialog.getByRole("radio", { name: role }).check();
    await dialog.getByLabel("How authority was verified").fill("Called back under the number of the account.");
    await dialog.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("article", { name: person.name }).getByText("Approved").waitFor();
  };
  await approve(asker, "Admin");
  await approve(colleague, "Member");
  await page.getByRole("button", { name: `Decline ${stranger.name}` }).click();
  await dialog.getByLabel("Reason").fill("Nobody of the account knows you.");
  await dialog.getByRole("button", { name: "Decline" }).click();
  await page.getByRole("article", { name: stranger.name }).getByText("Declined").waitFor();
  await visitor.inspect("request-decided");
  await mailSaying(place, stranger.email, "Nobody of the account knows you.");

  await page.getByRole("link", { name: "All requests" }).click();
  expect(await page.getByRole("link", { name: asker.name }).count()).toBe(0);
  await page.getByText("Decided", { exact: true }).click();
  await page.getByRole("link", { name: asker.name }).waitFor();

  // Whoever was approved signs in, and is in the account.
  const invited = await another();
  await invited.page.goto(await mailedLink(place, asker.email, "/activate"));
  await invited.page.locator("input[name=newPassword]").fill(password);
  await invited.page.locator("input[name=confirmation]").fill(password);
  await invited.page.keyboard.press("Enter");
  await invited.page.getByText("Your account is active").waitFor();
  await invited.signIn(asker, "/create");
  await invited.page.getByRole("heading", { name: "Create Support Case" }).waitFor();
  await expect.poll(() => invited.page.locator("#accountId").inputValue()).toContain(account);
});

browserTest("what a decision asks can be read by everybody", async ({ place, visitor, page }) => {
  const asker = somebody(`Long Name ${"of Somebody ".repeat(6)}${Date.now().toString(36)}`);
  await request(place, "PORTAL_ACCESS", asker, "Sample Bakery", "Access for me, please.\n\nThank you.");
  await visitor.signIn(await member(place, "supervisor", somebody("Sue Perry")));
  await page.getByRole("link", { name: "Access requests" }).click();
  await page.getByRole("link", { name: asker.name }).waitFor();
  await visitor.inspect("requests");
  await open(visitor, asker.name);
  const dialog = page.getByRole("dialog");
  for (const [button, name] of [
    ["Add a person", "request-add-person"],
    [`Approve ${asker.name}`, "request-approve"],
    [`Decline ${asker.name}`, "request-decline"],
  ] as const) {
    await page.getByRole("button", { name: button }).click();
    await dialog.waitFor();
    await visitor.inspect(name);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  }
});

browserTest("a request for something else is worked on as a case", async ({ place, visitor, page }) => {
  const { account, ana } = await customer(place);
  const asker = { ...ana, name: `Ana T. ${account.slice(-4)}` };
  await request(place, "CHANGE_OR_REMOVAL", asker, account, "Our former baker should not see cases any more.");
  await visitor.signIn(await member(place, "supervisor", somebody("Sue Perry")));
  await open(visitor, asker.name);
  await page.getByText("This address is known, of Ana Torres.").waitFor();
  await page.getByRole("button", { name: /^Make it a case/u }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("#accountId").fill(account);
  await page
    .getByRole("option", { name: new RegExp(`^${account}`, "u") })
    .first()
    .click();
  for (const [field, option] of [
    ["contactId", "Ana Torres"],
    ["type", "Billing"],
    ["category", "Account/Contact Updates"],
  ] as const) {
    await dialog.locator(`#${field}`).click();
    await page.getByRole("option", { name: option, exact: true }).click();
  }
  await dialog.getByLabel("How authority was verified").fill("She is the account's ADMIN.");
  await visitor.inspect("request-make-case");
  await dialog.getByRole("button", { name: "Make it a case" }).click();
  await page.getByText("Became a case").waitFor();
  await page.getByRole("link", { name: /^CS-/u }).click();
  await page.getByRole("button", { name: "Clear the triage" }).waitFor();
  await page.getByText("Our former baker should not see cases any more.").first().waitFor();
});

browserTest(
  "the words of a request are destroyed; requests are for supervisors",
  async ({ place, visitor, page, another }) => {
    const asker = somebody(`Spam ${Date.now().toString(36)}`);
    await request(place, "OTHER", asker, "Nowhere", "Buy something.");
    await visitor.signIn(await member(place, "supervisor", somebody("Sue Perry")));
    await open(visitor, asker.name);
    await page.getByRole("button", { name: "Destroy its words" }).click();
    await visitor.inspect("request-destroy");
    await page.getByRole("dialog").getByRole("button", { name: "Destroy", exact: true }).click();
    await page.getByText("Its words were destroyed.").waitFor();
    expect(await page.getByText("Buy something.").count()).toBe(0);
    await visitor.inspect("request-destroyed");

    const agent = await another();
    await agent.signIn(await member(place, "agent", somebody("Dee Park")), "/access-requests");
    await agent.page.getByRole("heading", { name: "Not found" }).waitFor();
    expect(await agent.page.getByRole("link", { name: "Access requests" }).count()).toBe(0);
  },
);
