/** The desk's side of a case: worked by an agent from New to Closed. */
import type { Locator } from "playwright-core";
import { expect } from "vitest";

import { browserTest, withBrowser } from "./harness/browser";
import { act, customer, openCase, tokenOf } from "./harness/customers";
import { isFor } from "./harness/documents";
import { choose } from "./harness/files";
import { ask as query, invite, member, somebody } from "./harness/people";
import { command } from "./harness/server";

withBrowser();

browserTest("an agent works a case from New to Closed in the browser", async ({ place, visitor, page, another }) => {
  const { ana } = await customer(place);
  const opened = await openCase(place, await tokenOf(place, ana), "The invoice has the wrong address");
  const runs = await tokenOf(place, await member(place, "supervisor", somebody("Sue Perry")));
  for (const [key, title, body] of [
    ["ask-invoice", "Ask for the invoice", "Which invoice is it? Its number is at the top right."],
    ["thanks", "Thank and say goodbye", "Thank you. We are glad that it works."],
  ])
    await act(place, runs, "cannedReplySet", "CannedReplySetInput", { key, title, body });
  const dee = await member(place, "agent", somebody("Dee Park"));
  await visitor.signIn(dee, "/desk");
  await page.getByText("You own no case at the moment").waitFor();

  // What is new is found without an owner, taken up, and is one's own from then on.
  await page.getByRole("searchbox", { name: "Search all cases" }).fill(opened.number);
  await page.keyboard.press("Enter");
  await page.getByText(`One case found for “${opened.number}”.`).waitFor();
  await page.getByRole("link", { name: opened.number }).click();
  const actions = page.getByRole("group", { name: "Actions of the desk" });
  await actions.getByRole("button", { name: "Take up" }).click();
  await actions.getByRole("button", { name: "Take up" }).waitFor({ state: "hidden" });

  const dialog = page.getByRole("dialog");
  const choose = async (label: string, option: string) => {
    await dialog.getByRole("combobox", { name: label }).or(dialog.getByLabel(label)).first().click();
    await page.getByRole("option", { name: option, exact: true }).click();
  };
  const more = async (item: string) => {
    await actions.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: item, exact: true }).click();
  };
  const stream = page.getByRole("list", { name: "Activity Stream" });

  // Triage: the address is one of the account's, the product applies to nothing.
  await actions.getByRole("button", { name: "Clear the triage" }).click();
  await choose("Service Address", "Flour mill, 12 Sample Lane, B");
  await visitor.inspect("desk-triage");
  await dialog.getByRole("button", { name: "Clear the triage" }).click();
  await stream.getByText("cleared the triage").waitFor();
  await actions.getByRole("button", { name: "Clear the triage" }).waitFor({ state: "hidden" });

  await more("Reclassify");
  await dialog.getByLabel("Category").selectOption({ label: "Credit requests" });
  await dialog.getByRole("button", { name: "Reclassify" }).click();
  await stream.getByText("made it a case of Billing: Credit requests").waitFor();
  await more("Set the priority");
  await dialog.getByLabel("Priority").selectOption("High");
  await dialog.getByRole("button", { name: "Set" }).click();
  await page.getByText("Priority: High").waitFor();

  // A note is the desk's alone; a canned reply goes into what is being written.
  await page.getByText("Note", { exact: true }).click();
  await page.getByRole("textbox", { name: "Write a note for the desk" }).fill("The address was moved in March.");
  await page.getByRole("button", { name: "Save note" }).click();
  await stream.getByText("The address was moved in March.").waitFor();
  await page.getByText("Message", { exact: true }).click();
  const box = page.getByRole("textbox", { name: "Write a message" });
  await box.fill("Hello Ana,");
  await page.getByRole("button", { name: "Canned replies" }).click();
  const find = dialog.getByRole("searchbox", { name: "Find" });
  await expect.poll(() => hasFocus(find), { message: "it begins with what is looked for" }).toBe(true);
  await find.fill("invoice");
  expect(await dialog.getByRole("listitem").count()).toBe(1);
  await dialog.getByRole("button", { name: /Ask for the invoice/u }).click();
  expect(await box.inputValue()).toBe("Hello Ana,\n\nWhich invoice is it? Its number is at the top right.");
  await expect.poll(() => hasFocus(box), { message: "one goes on writing" }).toBe(true);
  await page.getByRole("button", { name: "Send" }).click();
  await stream.getByText("Which invoice is it?").waitFor();

  await actions.getByRole("button", { name: "Wait" }).click();
  await dialog.getByRole("button", { name: "Wait" }).click();
  await actions.getByRole("button", { name: "End the wait" }).waitFor();
  const customersBrowser = await another();
  await customersBrowser.signIn(ana, `/cases/${opened.number}`);
  await customersBrowser.page.getByRole("textbox", { name: "Write a message" }).fill("It is A-17.");
  await customersBrowser.page.keyboard.press("Control+Enter");
  await stream.getByText("It is A-17.").waitFor();
  await actions.getByRole("button", { name: "End the wait" }).waitFor({ state: "hidden" });
  await visitor.inspect("desk-case");

  await actions.getByRole("button", { name: "Resolve" }).click();
  await dialog.getByRole("button", { name: "Resolve" }).click();
  await dialog.getByText("Please fill this in.").waitFor();
  await dialog.getByRole("textbox", { name: "Answer" }).fill("The invoice was made anew.");
  await dialog.getByRole("button", { name: "Resolve" }).click();
  await page.getByText("Resolved: the contact can accept or reject the answer").waitFor();
  await actions.getByRole("button", { name: "Reopen" }).click();
  await dialog.getByRole("textbox", { name: "Why?" }).fill("The number is missing on it.");
  await dialog.getByRole("button", { name: "Reopen" }).click();
  await stream.getByText("reopened the case").waitFor();
  await more("Undo the reopening");
  await stream.getByText("undid the reopening").waitFor();
  await actions.getByRole("button", { name: "Close" }).click();
  await dialog.getByRole("button", { name: "Close", exact: true }).first().click();
  await page.getByText("This case is closed").waitFor();
  expect(await actions.getByRole("button", { name: "Resolve" }).count()).toBe(0);
  expect(await command(place, "history", opened.number)).toContain("Closed");
});

const hasFocus = (of: Locator) => of.evaluate((each) => each === document.activeElement);

browserTest("what the desk asks is asked of the case as it was shown", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { id, number } = await openCase(place, await tokenOf(place, ana), "No dial tone");
  const colleague = await tokenOf(place, await member(place, "agent", somebody("Imke Dorn")));
  await visitor.signIn(await member(place, "agent", somebody("Dee Park")), `/cases/${number}`);
  const dialog = page.getByRole("dialog");
  const more = page.getByRole("button", { name: "More" });
  const ask = async (item: string) => {
    await more.click();
    await page.getByRole("menuitem", { name: item, exact: true }).click();
  };
  await page.getByRole("button", { name: "Take up" }).click();
  await page.getByRole("button", { name: "Take up" }).waitFor({ state: "hidden" });

  // What oneself has just done is not in the way; what a colleague did is told, and only then overruled.
  await ask("Set the priority");
  await act(place, colleague, "caseSetPriority", "CaseSetPriorityInput", { caseId: id, priority: "CRITICAL" });
  await page.getByText("Priority: Critical").waitFor();
  await dialog.getByRole("button", { name: "Set" }).click();
  const told = dialog.getByRole("alert").filter({ hasText: "The case has changed in the meantime" });
  await told.getByText("Imke Dorn set the priority to Critical").waitFor();
  await visitor.inspect("desk-stale");
  await dialog.getByRole("button", { name: "Set" }).click();
  await page.getByText("Priority: Critical").waitFor({ state: "hidden" });
  await expect.poll(() => hasFocus(more), { message: "the focus is back" }).toBe(true);

  await ask("Change the subject");
  await expect.poll(() => hasFocus(dialog.getByRole("textbox", { name: "Subject" }))).toBe(true);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await expect.poll(() => hasFocus(more)).toBe(true);

  // Half a date would be none, and a wait without end.
  await page.getByRole("button", { name: "Wait" }).click();
  await dialog.getByLabel("Until").focus();
  await page.keyboard.type("1231");
  await dialog.getByRole("button", { name: "Wait" }).click();
  await dialog.getByText("This date is not complete").waitFor();
  await dialog.getByLabel("Until").fill("2020-01-01T10:00");
  await dialog.getByRole("button", { name: "Wait" }).click();
  await dialog.getByText("This time is over").waitFor();
  await dialog.getByRole("button", { name: "Back" }).click();

  // A name that nobody has does not stand for oneself.
  const { viewer } = await query<{ viewer: { person: { id: string } } }>(
    place,
    "{ viewer { person { id } } }",
    {},
    colleague,
  );
  await act(place, colleague, "caseAssign", "CaseAssignInput", { caseId: id, ownerId: viewer.person.id });
  await page.getByText("Imke Dorn", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Assign" }).click();
  await dialog.getByRole("combobox", { name: "Owner" }).fill("zzz");
  await dialog.page().getByText("Nobody has this name").waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(() => dialog.isVisible()).toBe(true);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });

  // An answer can be written from wherever one is.
  await page.getByRole("tab", { name: /Attachments/u }).click();
  await page.getByText("No files").waitFor();
  await page.keyboard.press("r");
  await expect.poll(() => hasFocus(page.getByRole("textbox", { name: "Write a message" }))).toBe(true);
});

browserTest("what the desk asks can be read by everybody", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "A subject ".repeat(20).trim());
  await visitor.signIn(await member(place, "agent", somebody("Dee Park")), `/cases/${number}`);
  const dialog = page.getByRole("dialog");
  for (const [button, name] of [
    ["Canned replies", "desk-replies"],
    ["Wait", "desk-wait"],
    ["Resolve", "desk-resolve"],
  ] as const) {
    await page.getByRole("button", { name: button }).click();
    await dialog.waitFor();
    await visitor.inspect(name);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  }
  const more = page.getByRole("button", { name: "More" });
  await more.click();
  await visitor.inspect("desk-more");
  for (const [item, name] of [
    ["Set the priority", "desk-priority"],
    ["Move to a queue", "desk-queue"],
    ["Reclassify", "desk-reclassify"],
    ["Change the contact", "desk-contact"],
    ["Change the subject", "desk-subject"],
  ] as const) {
    if ((await more.getAttribute("aria-expanded")) !== "true") await more.click();
    await page.getByRole("menuitem", { name: item, exact: true }).click();
    await dialog.waitFor();
    await visitor.inspect(name);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  }
  await page.getByRole("button", { name: "Resolve" }).click();
  await dialog.getByRole("textbox", { name: "Answer" }).fill("It is shorter now.");
  await dialog.getByRole("button", { name: "Resolve" }).click();
  for (const [button, name] of [
    ["Close", "desk-close"],
    ["Reopen", "desk-reopen"],
  ] as const) {
    await page.getByRole("group", { name: "Actions of the desk" }).getByRole("button", { name: button }).click();
    await dialog.waitFor();
    await visitor.inspect(name);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  }
});

browserTest("an answer that somebody else gave first is said to be theirs", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { id, number } = await openCase(place, await tokenOf(place, ana), "No dial tone");
  const colleague = await tokenOf(place, await member(place, "agent", somebody("Imke Dorn")));
  await act(place, colleague, "caseTriageClear", "CaseTriageClearInput", { caseId: id });
  await visitor.signIn(await member(place, "agent", somebody("Dee Park")), `/cases/${number}`);
  await page.getByRole("button", { name: "Resolve" }).click();
  const dialog = page.getByRole("dialog");
  const answer = dialog.getByRole("textbox", { name: "Answer" });
  await answer.fill("We replaced the whole line.");
  await act(place, colleague, "caseResolve", "CaseResolveInput", {
    caseId: id,
    code: "fixed",
    resolution: "The fuse.",
  });
  const resolve = dialog.getByRole("button", { name: "Resolve" });
  await resolve.click();
  await dialog.getByText("Imke Dorn resolved the case").waitFor();
  await resolve.click();
  await dialog.getByText("Somebody else has done this already.").waitFor();
  await resolve.click();
  await dialog.getByText("Somebody else has done this already.").waitFor();
  expect(await answer.inputValue()).toBe("We replaced the whole line.");
});

browserTest("what is written for the desk never stands where it would go to the customer", async (scene) => {
  const { place, visitor, page } = scene;
  const { ana } = await customer(place);
  const { id, number } = await openCase(place, await tokenOf(place, ana), "It is too dear");
  await visitor.signIn(await member(place, "agent", somebody("Dee Park")), `/cases/${number}`);
  const words = "They never pay.";
  const kind = page.getByRole("radiogroup", { name: "Message or note" });
  const message = page.getByRole("textbox", { name: "Write a message" });
  const note = page.getByRole("textbox", { name: "Write a note for the desk" });
  await kind.getByText("Note").click();
  await choose(page, page.getByRole("button", { name: "Add files" }).first(), { name: "bills.txt", text: "None paid" });
  const files = page.getByRole("list", { name: "Files to be sent" }).first();
  await files.getByText("Ready").waitFor();
  // A file alone is a note as well, after another page.
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await page.goBack();
  await note.waitFor();
  await files.getByText("Ready").waitFor();
  await note.fill(words);

  await kind.getByText("Message").click();
  expect(await message.inputValue()).toBe("");
  expect(await files.getByText("bills.txt").isVisible()).toBe(false);
  await kind.getByText("Note").click();
  await files.getByText("bills.txt").waitFor();
  // The key for an answer, and another page of this browser, and the page anew.
  await page.locator("#main").focus();
  await page.keyboard.press("r");
  await message.waitFor();
  expect(await message.inputValue()).toBe("");
  await visitor.hasKept(`note.${id}`);
  const other = await visitor.context.newPage();
  await other.goto(`/cases/${number}`);
  expect(await other.getByRole("textbox", { name: "Write a note for the desk" }).inputValue()).toBe(words);
  await other.close();
  await page.reload();
  expect(await note.inputValue()).toBe(words);
  await kind.getByText("Message").click();
  expect(await message.inputValue()).toBe("");
  await kind.getByText("Note").click();
  await page.getByRole("button", { name: "Save note" }).click();
  const said = page.getByRole("list", { name: "Activity Stream" }).getByRole("listitem").filter({ hasText: words });
  await said.getByText("Internal").waitFor();
});

browserTest("a case changes hands: assigned, released, moved to a queue", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { id, number } = await openCase(place, await tokenOf(place, ana), "Who answers this?");
  const cy = await member(place, "agent", somebody("Cy Novak"));
  await visitor.signIn(await member(place, "supervisor", somebody("Sue Perry")), `/cases/${number}`);
  const actions = page.getByRole("group", { name: "Actions of the desk" });
  const dialog = page.getByRole("dialog");
  await actions.getByRole("button", { name: "Assign" }).click();
  const owner = dialog.getByRole("combobox", { name: "Owner" }).or(dialog.getByLabel("Owner")).first();
  await owner.click();
  await owner.fill("Cy");
  await page
    .getByRole("option", { name: /Cy Novak/u })
    .first()
    .click();
  await visitor.inspect("desk-assign");
  await dialog.getByRole("button", { name: "Assign" }).click();
  const stream = page.getByRole("list", { name: "Activity Stream" });
  await stream.getByText("made Cy Novak the owner").waitFor();
  // Being given to somebody is not yet being worked on.
  await actions.getByRole("button", { name: "Take up" }).waitFor();
  await actions.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Move to a queue" }).click();
  await dialog.getByText("Cy Novak will not own it any more.").waitFor();
  const queue = await dialog.getByLabel("Queue").locator("option").last().innerText();
  await dialog.getByLabel("Queue").selectOption({ label: queue });
  await dialog.getByRole("button", { name: "Move" }).click();
  await stream.getByText(`moved the case to ${queue}`).waitFor();

  await page.goto("/desk");
  await page.getByRole("navigation", { name: "Cases" }).getByRole("link", { name: queue }).click();
  await page.getByRole("link", { name: number }).waitFor();
  await act(place, await tokenOf(place, cy), "caseTakeUp", "CaseTakeUpInput", { caseId: id });
  await page.goto(`/cases/${number}`);
  await actions.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Release" }).click();
  await stream.getByText("released the case").waitFor();
});

browserTest("an agent gives a case to a colleague who owns none yet", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "Who knows this device?");
  const turn = Date.now().toString(36);
  const [cy, sue] = [somebody(`Cy Fields ${turn}`), somebody(`Sue Fields ${turn}`)];
  await member(place, "agent", cy);
  await member(place, "supervisor", sue);
  // Whoever was invited and has not come is no help, and whoever only checks works no case.
  await invite(place, somebody(`Nobody Fields ${turn}`), "agent");
  await member(place, "auditor", somebody(`Aud Fields ${turn}`));
  await visitor.signIn(await member(place, "agent", somebody("Dee Park")), `/cases/${number}`);
  await page.getByRole("group", { name: "Actions of the desk" }).getByRole("button", { name: "Assign" }).click();
  const dialog = page.getByRole("dialog");
  const owner = dialog.getByRole("combobox", { name: "Owner" }).or(dialog.getByLabel("Owner")).first();
  await owner.fill(`Fields of nobody ${turn}`);
  await dialog.getByText("Nobody has this name").waitFor();
  await owner.press("Enter");
  await dialog.getByText("Nobody has this name").waitFor();
  await visitor.inspect("desk-assign-nobody");
  // Whoever goes on with that name gives the case to nobody, and not to whom the field named before.
  await dialog.getByRole("button", { name: "Assign" }).click();
  await dialog.getByText("Nobody has this name").waitFor();
  // Oneself is who was chosen before.
  await owner.fill("Dee");
  await page
    .getByRole("option", { name: /\(me\)/u })
    .first()
    .click();
  await dialog.getByText("Nobody has this name").waitFor({ state: "detached" });
  await owner.fill(`Fields ${turn}`);
  const options = page.getByRole("option");
  await options.filter({ hasText: sue.name }).waitFor();
  expect(await options.allInnerTexts()).toEqual([cy.name, sue.name]);
  await options.filter({ hasText: cy.name }).click();
  await dialog.getByRole("button", { name: "Assign" }).click();
  await page.getByRole("list", { name: "Activity Stream" }).getByText(`made ${cy.name} the owner`).waitFor();
});

browserTest("a command on a case that moved on says what happened, and loses nothing", async (scene) => {
  const { place, visitor, page } = scene;
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  const { id, number } = await openCase(place, token, "Two at once");
  await visitor.signIn(await member(place, "agent", somebody("Dee Park")), `/cases/${number}`);
  await page.getByRole("button", { name: "Resolve" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Answer" }).fill("A long answer that took a while to write.");
  // The page hears nothing for a moment: its command is for the case as it was.
  await visitor.context.setOffline(true);
  visitor.expectComplaint(/ERR_INTERNET_DISCONNECTED|WebSocket|Failed to load resource/u);
  await act(place, token, "casePostMessage", "CasePostMessageInput", { caseId: id, body: "Wait, there is more." });
  await page.route("**/graphql", async (route) => {
    // What would tell the page of it comes after the command.
    if (isFor(route.request(), "CasePage")) await route.abort();
    else await route.continue();
  });
  await visitor.context.setOffline(false);
  await dialog.getByRole("button", { name: "Resolve" }).click();
  await dialog.getByText("The case has changed in the meantime").waitFor();
  await dialog.getByText("Wait, there is more.").waitFor();
  await visitor.inspect("desk-conflict");
  expect(await dialog.getByRole("textbox", { name: "Answer" }).inputValue()).toBe(
    "A long answer that took a while to write.",
  );
  await page.unroute("**/graphql");
  await page.reload();
  // Not even by loading the page again.
  await page.getByRole("button", { name: "Resolve" }).click();
  expect(await dialog.getByRole("textbox", { name: "Answer" }).inputValue()).toBe(
    "A long answer that took a while to write.",
  );
  await dialog.getByRole("button", { name: "Resolve" }).click();
  await page.getByText("Resolved: the contact can accept or reject the answer").waitFor();
});
