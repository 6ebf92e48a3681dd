/** The overview, and the list of cases. */
import { expect } from "vitest";

import { browserTest, withBrowser } from "./harness/browser";
import { act, customer, openCase, tokenOf } from "./harness/customers";
import { member, somebody } from "./harness/people";

withBrowser();

browserTest("an overview without cases teaches what will be there", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  await visitor.signIn(ana);
  await page.getByText("No open cases").waitFor();
  await page.getByText("No updates yet").waitFor();
  await visitor.inspect("overview-empty");
  await page.getByRole("link", { name: "Support", exact: true }).click();
  await page.getByText("No cases yet").waitFor();
  await visitor.inspect("support-empty");
});

browserTest("counts lead to the list that has as many, and search finds", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  const agent = await tokenOf(place, await member(place, "agent", somebody("Dee Park")));
  const [first, second] = [
    await openCase(place, token, "The invoice of February is wrong"),
    await openCase(place, token, "Please send the contract"),
    await openCase(place, token, "A credit is missing"),
  ];
  await act(place, agent, "casePostMessage", "CasePostMessageInput", { caseId: second.id, body: "It is on its way." });
  await act(place, token, "caseCancel", "CaseCancelInput", { caseId: first.id, reason: "SOLVED_ITSELF" });
  await visitor.signIn(ana);
  await page.getByText("It is on its way.").waitFor();
  await page.locator("main time").first().hover();
  await page.getByRole("tooltip").filter({ hasText: new Date().getUTCFullYear().toString() }).waitFor();
  await page.mouse.move(0, 0);
  await page.getByRole("tooltip").waitFor({ state: "hidden" });
  await visitor.inspect("overview");

  const counts = page.getByRole("list", { name: "Cases by status" });
  const counted = await counts.getByRole("listitem").allInnerTexts();
  expect(counted.map((text) => text.split(/\s+/u).join(" "))).toEqual([
    "1 New",
    "1 Open",
    "0 Resolved",
    "0 Closed",
    "1 Canceled",
  ]);
  await counts.getByRole("link", { name: /Canceled/u }).click();
  await page.getByText("Showing Canceled: 1 of 3.").waitFor();
  await page.getByRole("link", { name: first.number }).waitFor();

  await page.getByRole("link", { name: "Support", exact: true }).click();
  await page.getByText("Showing New: 1 of 3.").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByText("Showing all statuses: 3 of 3.").waitFor();
  await visitor.inspect("support");

  // What is searched under the default filter is searched in all statuses, and the list says so.
  await page.getByRole("link", { name: "Support", exact: true }).click();
  await page.getByText("Showing New: 1 of 3.").waitFor();
  await page.getByRole("searchbox", { name: "Search" }).fill("contract");
  await page.getByText("A search looks in all statuses.").waitFor();
  await page.getByRole("link", { name: second.number }).waitFor();
  expect(new URL(page.url()).searchParams.get("q")).toBe("contract");
});

browserTest(
  "the list is sorted by its titles, filtered, and stands in the address",
  async ({ place, visitor, page }) => {
    const { ana } = await customer(place);
    const token = await tokenOf(place, ana);
    for (const text of ["Cherry", "Apple", "Banana"]) await openCase(place, token, text);
    await visitor.signIn(ana, "/support");
    const subjects = () => page.locator("tbody tr td:nth-child(2)").allInnerTexts();
    await expect.poll(subjects).toEqual(["Banana", "Apple", "Cherry"]);
    await page.getByRole("button", { name: "Subject" }).click();
    await expect.poll(subjects).toEqual(["Apple", "Banana", "Cherry"]);
    expect(await page.getByRole("columnheader", { name: "Subject" }).getAttribute("aria-sort")).toBe("ascending");
    await page.reload();
    await expect.poll(subjects).toEqual(["Apple", "Banana", "Cherry"]);
    await page.getByRole("button", { name: "Subject" }).click();
    await expect.poll(subjects).toEqual(["Cherry", "Banana", "Apple"]);

    await page.getByRole("button", { name: "Filters" }).click();
    await page.getByLabel("Opened until").fill("2020-01-01");
    await page.getByText("Nothing fits").waitFor();
    expect(new URL(page.url()).searchParams.get("openedTo")).toBe("2020-01-01");
    await visitor.inspect("support-filters");
    await page.getByRole("link", { name: "Clear the filters" }).first().click();
    await expect.poll(subjects).toEqual(["Banana", "Apple", "Cherry"]);
  },
);

browserTest("long lists come in pages", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  for (let made = 1; made <= 27; made += 1) await openCase(place, token, `Case ${made}`);
  await visitor.signIn(ana, "/support");
  const subjects = () => page.locator("tbody tr td:nth-child(2)").allInnerTexts();
  await expect.poll(async () => (await subjects()).length).toBe(25);
  await page.getByRole("button", { name: "Next page" }).click();
  await expect.poll(subjects).toEqual(["Case 2", "Case 1"]);
  await page.getByRole("button", { name: "Previous page" }).click();
  await expect.poll(async () => (await subjects())[0]).toBe("Case 27");
});

browserTest("an address of a page that is not one any more leads to the first", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "No dial tone");
  await visitor.signIn(ana, "/support?after=from-elsewhere");
  await page.getByText("This page of the list is not there any more").waitFor();
  await visitor.inspect("support-page-gone");
  await page.getByRole("button", { name: "Go to the first page" }).click();
  await page.getByRole("link", { name: number }).waitFor();
  expect(new URL(page.url()).search).toBe("");
});

browserTest("the desk's list is filtered by who owns a case", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { id, number } = await openCase(place, await tokenOf(place, ana), "No dial tone");
  const cy = somebody(`Cy Owner ${Date.now().toString(36)}`);
  const owner = await tokenOf(place, await member(place, "agent", cy));
  await act(place, owner, "caseTakeUp", "CaseTakeUpInput", { caseId: id });
  await visitor.signIn(await member(place, "supervisor", somebody("Sue Perry")), "/support?status=OPEN");
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByLabel("Owner").selectOption({ label: cy.name });
  await page.getByText("Showing Open: 1 of 1.").waitFor();
  await page.getByRole("link", { name: number }).waitFor();
  expect(new URL(page.url()).searchParams.get("owner")).not.toBe("");
  await page.goto("/support?account=nothing");
  await page.getByText("The address of this page asks for something that is not there.").waitFor();
  await page.getByRole("link", { name: "Begin anew" }).click();
  await page.waitForURL((url) => url.search === "");
});

browserTest("long words push nothing out of view", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  const { id, number } = await openCase(place, token, "See below");
  const bo = somebody(`Bo ${"Wolfeschlegelsteinhausenberger".repeat(2)}`);
  const desk = await tokenOf(place, await member(place, "agent", bo));
  const subject = `https://example.com/${"a".repeat(220)}`;
  await act(place, desk, "caseSetSubject", "CaseSetSubjectInput", { caseId: id, subject });
  await visitor.signIn(ana, `/support?q=${number}`);
  const table = page.getByRole("region", { name: "Cases" });
  await table.getByRole("link", { name: number }).waitFor();
  await visitor.inspect("support-long-words");
  const right = async (column: string) => {
    const box = await table.getByRole("columnheader", { name: column }).boundingBox();
    return (box?.x ?? Infinity) + (box?.width ?? 0);
  };
  for (const column of ["Status", "Account", "Contact"]) expect(await right(column)).toBeLessThanOrEqual(1280);
  await page.goto(`/cases/${number}`);
  await page.getByText("changed the subject").first().waitFor();
  await visitor.inspect("case-long-words");
});

browserTest("on a phone the pane of sections is behind a button that says so", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  await page.setViewportSize({ width: 320, height: 800 });
  await visitor.signIn(ana, "/support");
  const menu = page.getByRole("button", { name: "Sections" });
  const section = page.getByRole("link", { name: "Overview", exact: true });
  expect(await menu.getAttribute("aria-expanded")).toBe("false");
  expect(await section.count(), "what is not shown cannot be reached").toBe(0);
  await menu.click();
  expect(await menu.getAttribute("aria-expanded")).toBe("true");
  await section.click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  expect(await menu.getAttribute("aria-expanded")).toBe("false");
  // The pane lies over the page: whoever goes on from its last link sees where that is.
  await menu.click();
  await page.getByRole("navigation", { name: "Sections" }).getByRole("link").last().focus();
  await page.keyboard.press("Tab");
  await expect.poll(() => menu.getAttribute("aria-expanded")).toBe("false");
  expect(await page.getByRole("main").evaluate((each) => each.contains(document.activeElement))).toBe(true);
  await menu.click();
  await section.focus();
  await page.keyboard.press("Escape");
  expect(await menu.getAttribute("aria-expanded")).toBe("false");
  expect(await menu.evaluate((each) => each === document.activeElement)).toBe(true);
});
