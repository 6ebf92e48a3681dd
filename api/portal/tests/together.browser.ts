/** Two cases at once: merged, split, linked, and all of that taken back. */
import { expect } from "vitest";

import { browserTest, withBrowser } from "./harness/browser";
import { act, customer, openCase, tokenOf } from "./harness/customers";
import { isFor } from "./harness/documents";
import { member, somebody } from "./harness/people";

withBrowser();

browserTest("a case is merged into another, and taken out again", async ({ place, visitor, page, another }) => {
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  const stays = await openCase(place, token, "No dial tone in the shop");
  const goes = await openCase(place, token, "Still no dial tone");
  const elsewhere = await openCase(place, await tokenOf(place, (await customer(place)).ana), "Somebody else's case");
  const customersBrowser = await another();
  await customersBrowser.signIn(ana, `/cases/${goes.number}`);
  await customersBrowser.page.getByText("opened the case").waitFor();

  await visitor.signIn(await member(place, "agent", somebody("Dee Park")), `/cases/${goes.number}`);
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Merge into another case" }).click();
  await dialog.getByRole("button", { name: "Merge" }).click();
  await dialog.getByText("Choose a case.").waitFor();
  // Cases of other accounts are none to merge into.
  await dialog.getByRole("textbox", { name: "Find a case" }).fill(elsewhere.number);
  await dialog.getByText("No such case.").waitFor();
  await dialog.getByRole("textbox", { name: "Find a case" }).fill(stays.number);
  await dialog.getByRole("radio", { name: new RegExp(stays.number, "u") }).check();
  await dialog.getByText(`${goes.number} is canceled as merged; ${stays.number} goes on.`).waitFor();
  await visitor.inspect("desk-merge");
  await dialog.getByRole("button", { name: "Merge" }).click();
  await page.waitForURL((url) => url.pathname === `/cases/${stays.number}`);
  await page.getByText(`${goes.number} was merged into this case`).waitFor();
  await visitor.inspect("desk-merged");
  // Whoever looks at the merged case is led to the one that goes on.
  await customersBrowser.page.waitForURL((url) => url.pathname === `/cases/${stays.number}`);
  await customersBrowser.page.getByText(`${goes.number} was merged into this case`).waitFor();
  await customersBrowser.inspect("case-merged");

  await page.getByRole("link", { name: `Look at ${goes.number} as it was` }).click();
  await page.getByText(`This case goes on as ${stays.number}`).waitFor();
  await visitor.inspect("desk-merged-away");
  await page.getByRole("button", { name: "Undo the merge" }).click();
  await page.getByRole("button", { name: "Take up" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/cases/${goes.number}`);
  await page.goto(`/cases/${stays.number}`);
  await page.getByRole("button", { name: "Take up" }).waitFor();
  expect(await page.getByText("Took in").count()).toBe(0);
});

browserTest("whoever writes a note on a case that is merged goes on with it", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  const stays = await openCase(place, token, "No dial tone in the shop");
  const goes = await openCase(place, token, "Still no dial tone");
  const colleague = await tokenOf(place, await member(place, "agent", somebody("Imke Dorn")));
  await visitor.signIn(await member(place, "agent", somebody("Dee Park")), `/cases/${goes.number}`);
  await page.getByText("Note", { exact: true }).click();
  const note = page.getByRole("textbox", { name: "Write a note for the desk" });
  await note.pressSequentially("They never pay.");
  // Twice, and the page hears of both at once.
  const between = await openCase(place, token, "No dial tone, once more");
  let go = () => {};
  const both = new Promise<void>((resolve) => (go = resolve));
  await page.route("**/graphql", async (route) => {
    if (isFor(route.request(), "CasePage")) await both;
    await route.continue();
  });
  await act(place, colleague, "caseMerge", "CaseMergeInput", { caseId: goes.id, intoCaseId: between.id });
  await act(place, colleague, "caseMerge", "CaseMergeInput", { caseId: between.id, intoCaseId: stays.id });
  go();
  // As fast as somebody types who looks at the keyboard: what is typed while the page changes is no command, and no message to the customer.
  let typed = 0;
  while (new URL(page.url()).pathname !== `/cases/${stays.number}`) {
    await page.keyboard.type("cr");
    typed += 1;
    expect(typed).toBeLessThan(5_000);
  }
  for (let turn = 0; turn < 20; turn += 1) await page.keyboard.type("cr");
  await expect.poll(() => note.evaluate((each) => each === document.activeElement)).toBe(true);
  await page.keyboard.type(" End.");
  expect(await note.inputValue()).toMatch(/^They never pay\.[cr]* End\.$/u);
  await page.getByText("Message", { exact: true }).click();
  expect(await page.getByRole("textbox", { name: "Write a message" }).inputValue()).toBe("");
});

browserTest("messages are split off into a case of their own, and brought back", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  const { id, number } = await openCase(place, token, "The line crackles");
  for (const body of ["Besides, the bill of May is wrong.", "The crackling is worst at noon."])
    await act(place, token, "casePostMessage", "CasePostMessageInput", { caseId: id, body });
  await visitor.signIn(await member(place, "agent", somebody("Dee Park")), `/cases/${number}`);
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Split off messages" }).click();
  await dialog.getByRole("button", { name: "Begin the new case" }).click();
  await dialog.getByText("Choose at least one message.").waitFor();
  await dialog.getByRole("checkbox", { name: /the bill of May/u }).check();
  await dialog.getByRole("textbox", { name: "Subject of the new case" }).fill("Bill of May");
  await visitor.inspect("desk-split");
  await dialog.getByRole("button", { name: "Begin the new case" }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/cases/") && !url.pathname.endsWith(number));
  await page.getByRole("heading", { name: /Bill of May/u }).waitFor();
  await page.getByText("Split from").waitFor();
  // The customer's words stay theirs.
  const opening = page.getByRole("list", { name: "Activity Stream" }).getByRole("listitem").last();
  await opening.getByText("Ana Torres opened the case (brought over by Dee Park)").waitFor();
  const begun = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  await visitor.inspect("desk-split-off");
  await page.getByRole("link", { name: number, exact: true }).click();
  await page.getByText("This was moved to another case.").waitFor();
  await page.getByRole("link", { name: begun, exact: true }).click();
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Undo the split" }).click();
  await page.getByText("This case was canceled").waitFor();
  await page.goto(`/cases/${number}`);
  await page.getByText("Besides, the bill of May is wrong.").waitFor();
  expect(await page.getByText("This was moved to another case.").count()).toBe(0);
});

browserTest("files that came without a message are split off with one", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  const { id, number } = await openCase(place, token, "The line crackles");
  await act(place, token, "casePostMessage", "CasePostMessageInput", { caseId: id, body: "The bill is wrong, too." });
  await visitor.signIn(await member(place, "agent", somebody("Dee Park")), `/cases/${number}?tab=attachments`);
  const files = page.getByRole("tabpanel", { name: /Attachments/u });
  for (const name of ["bill.txt", "noise.txt"]) {
    const file = { name, mimeType: "text/plain", buffer: Buffer.from(name) };
    await files.locator("input[type=file]").setInputFiles(file);
    await files.getByRole("button", { name: "Add to the case" }).click();
    await files.getByRole("link", { name }).waitFor();
  }
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Split off messages" }).click();
  await dialog.getByRole("checkbox", { name: /bill is wrong/u }).check();
  await dialog.getByRole("checkbox", { name: "bill.txt" }).check();
  await visitor.inspect("desk-split-files");
  await dialog.getByRole("button", { name: "Begin the new case" }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/cases/") && !url.pathname.endsWith(number));
  await page.getByRole("tab", { name: /Attachments/u }).click();
  await files.getByRole("link", { name: "bill.txt" }).waitFor();
  expect(await files.getByText("noise.txt").count()).toBe(0);
  await page.goto(`/cases/${number}?tab=attachments`);
  await files.getByRole("link", { name: "noise.txt" }).waitFor();
  expect(await files.getByRole("link", { name: "bill.txt" }).count()).toBe(0);
});

browserTest("a case is linked to another, and not any more", async ({ place, visitor, page }) => {
  const one = await openCase(place, await tokenOf(place, (await customer(place)).ana), "Noise on the line");
  const other = await openCase(place, await tokenOf(place, (await customer(place)).ana), "Noise next door");
  await visitor.signIn(await member(place, "agent", somebody("Dee Park")), `/cases/${one.number}`);
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Link to another case" }).click();
  await dialog.getByRole("textbox", { name: "Find a case" }).fill(other.number);
  await dialog.getByRole("radio", { name: new RegExp(other.number, "u") }).check();
  await visitor.inspect("desk-link");
  await dialog.getByRole("button", { name: "Link" }).click();
  await page.getByRole("link", { name: other.number, exact: true }).waitFor();
  await page.getByRole("button", { name: `Remove the link to ${other.number}` }).click();
  await page.getByRole("link", { name: other.number, exact: true }).waitFor({ state: "hidden" });
});
