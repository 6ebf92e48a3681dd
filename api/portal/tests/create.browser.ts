/** Opening a case. */
import { expect } from "vitest";

import { browserTest, withBrowser } from "./harness/browser";
import { act, customer, openCase, tokenOf } from "./harness/customers";
import { isFor } from "./harness/documents";

withBrowser();

browserTest("a case is opened by keyboard alone", async ({ place, visitor, page }) => {
  const { ana, account } = await customer(place);
  await visitor.signIn(ana, "/create");
  const needed = page.getByRole("region", { name: "Required Information" });
  const field = (name: string) => page.getByRole("combobox", { name });
  // The only account and oneself are there already.
  await expect.poll(() => field("Account").inputValue()).toContain(account);
  await expect.poll(() => field("Contact").inputValue()).toBe("Ana Torres");
  await expect.poll(() => needed.getByRole("link").count()).toBe(5);
  await visitor.inspect("create");

  const pick = async (name: string, wanted: string) => {
    await field(name).focus();
    await page.keyboard.press("ArrowDown");
    await page.getByRole("option", { name: wanted }).waitFor();
    const options = await page.getByRole("option").allTextContents();
    const at = options.findIndex((option) => option.includes(wanted));
    const marked = async () => page.locator("[data-combobox-selected]:visible").textContent();
    if ((await page.locator("[data-combobox-selected]:visible").count()) === 0) await page.keyboard.press("ArrowDown");
    for (let turn = 0; turn <= options.length && !(await marked())?.includes(wanted); turn += 1) {
      await page.keyboard.press("ArrowDown");
    }
    expect(at).toBeGreaterThanOrEqual(0);
    await page.keyboard.press("Enter");
    await expect.poll(() => field(name).inputValue()).toContain(wanted);
  };
  await pick("Support Case Type", "Data and Networking");
  await page.getByText("Covers: Data, networking").waitFor();
  await pick("Category", "Networking");
  await pick("Service Address", "Flour mill");
  await pick("Product", "Managed WAN");
  await page.getByRole("textbox", { name: "Description" }).focus();
  await page.keyboard.type("The line at the mill is down.\nSince this morning.");
  await needed.getByText("All there.").waitFor();
  await page.getByRole("combobox", { name: "Watch List" }).focus();
  await page.keyboard.type("miller@mill.example");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Submit" }).focus();
  await page.keyboard.press("Enter");

  await page.waitForURL(/\/cases\/CS-\d+$/u);
  await page.getByRole("heading", { name: "The line at the mill is down." }).waitFor();
  await page.getByRole("tab", { name: "Manage Watch List (1)" }).waitFor();
  await visitor.inspect("case-new");
});

browserTest("what is missing is said at its field and on top", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  await visitor.signIn(ana, "/create");
  await page.getByRole("button", { name: "Submit" }).click();
  const summary = page.getByRole("alert").filter({ hasText: "Please look at this" });
  await expect.poll(() => summary.evaluate((box) => box === document.activeElement)).toBe(true);
  await visitor.inspect("create-errors");
  await summary.getByRole("link", { name: "Description" }).click();
  await expect
    .poll(() => page.getByRole("textbox", { name: "Description" }).evaluate((box) => box === document.activeElement))
    .toBe(true);
});

browserTest(
  "a location fills both fields, and boxes stand for what is not listed",
  async ({ place, visitor, page }) => {
    const { ana } = await customer(place);
    await visitor.signIn(ana, "/create");
    await page.getByRole("combobox", { name: "Account" }).fill("12 sample lane");
    await page
      .getByRole("option", { name: /Flour mill, 12 Sample Lane/u })
      .first()
      .click();
    await expect
      .poll(() => page.getByRole("combobox", { name: "Service Address" }).inputValue())
      .toContain("Flour mill");
    await page.getByRole("checkbox", { name: "My location isn't listed" }).check();
    expect(await page.getByRole("checkbox", { name: "My product isn't listed" }).isChecked()).toBe(true);
    expect(await page.getByRole("combobox", { name: "Service Address" }).isDisabled()).toBe(true);
  },
);

browserTest("what was begun is kept, and files come along", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  await visitor.signIn(ana, "/create");
  await page.getByRole("textbox", { name: "Description" }).fill("Billed twice for February.");
  await visitor.hasKept("case");
  await page.reload();
  await page.getByText("We kept what you had begun").waitFor();
  expect(await page.getByRole("textbox", { name: "Description" }).inputValue()).toBe("Billed twice for February.");
  await page.getByRole("combobox", { name: "Support Case Type" }).click();
  await page.getByRole("option", { name: "Billing" }).click();
  await page.getByRole("combobox", { name: "Category" }).click();
  await page.getByRole("option", { name: "Credit requests" }).click();
  await page.locator("input[type=file]").setInputFiles({
    name: "invoice.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("February twice"),
  });
  await page.getByText("Ready").waitFor();
  await page.locator("input[type=file]").setInputFiles({
    name: `${"n".repeat(196)}.txt`,
    mimeType: "text/plain",
    buffer: Buffer.from("A long name"),
  });
  await expect.poll(() => page.getByText("Ready").count()).toBe(2);
  await page.getByRole("checkbox", { name: "My location isn't listed" }).check();
  await visitor.inspect("create-filled");
  await page.getByRole("button", { name: "Submit" }).click();
  await page.waitForURL(/\/cases\/CS-\d+$/u);
  await page.getByRole("tab", { name: "Attachments (2)" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "invoice.txt" }).click();
  expect((await download).suggestedFilename()).toBe("invoice.txt");
  await page.getByRole("link", { name: "Create Support Case" }).click();
  expect(await page.getByRole("textbox", { name: "Description" }).inputValue()).toBe("");
});

browserTest("a form whose answer was lost opens one case, even by a page that was loaded again", async (scene) => {
  const { place, visitor, page } = scene;
  const { ana } = await customer(place);
  await visitor.signIn(ana, "/create");
  visitor.expectComplaint(/ERR_FAILED|Failed to load resource/u);
  await page.getByRole("combobox", { name: "Support Case Type" }).click();
  await page.getByRole("option", { name: "Billing" }).click();
  await page.getByRole("combobox", { name: "Category" }).click();
  await page.getByRole("option", { name: "Credit requests" }).click();
  await page.getByRole("checkbox", { name: "My location isn't listed" }).check();
  await page.getByRole("textbox", { name: "Description" }).fill("Billed twice for March.");
  await page.route("**/graphql", async (route) => {
    if (!isFor(route.request(), "OpenCase")) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await page.getByRole("button", { name: "Submit" }).click();
  await page.getByText("The service could not be reached.").first().waitFor();
  await page.unroute("**/graphql");
  await page.reload();
  await page.getByText("We kept what you had begun").waitFor();
  await page.getByRole("button", { name: "Submit" }).click();
  await page.waitForURL(/\/cases\/CS-\d+$/u);
  await page.goto("/support");
  await page.getByText("Showing New: 1 of 1.").waitFor();
});

browserTest("what was begun as a follow-up is kept", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  const { id, number } = await openCase(place, token, "No dial tone");
  await act(place, token, "caseCancel", "CaseCancelInput", { caseId: id, reason: "SOLVED_ITSELF" });
  await visitor.signIn(ana, `/create?followUp=${number}`);
  await page.getByRole("textbox", { name: "Subject" }).fill("Silent again");
  await visitor.hasKept(`follow-up.${id}`);
  await page.getByRole("link", { name: "Support", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Support" }).waitFor();
  await page.goto(`/create?followUp=${number}`);
  await page.getByText("We kept what you had begun").waitFor();
  expect(await page.getByRole("textbox", { name: "Subject" }).inputValue()).toBe("Silent again");
});

browserTest("files that are too large or too many say so before the form is sent", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  await visitor.signIn(ana, "/create");
  await page.getByText("20 files at most, of up to 25 MB each").waitFor();
  const add = page.locator("input[type=file]");
  await add.setInputFiles({ name: "film.txt", mimeType: "text/plain", buffer: Buffer.alloc(25 * 2 ** 20 + 1, "a") });
  const chosen = page.getByRole("list", { name: "Files to be sent" });
  await chosen.getByText("It is too large: a file may have 25 MB.").waitFor();
  expect(await chosen.getByRole("button", { name: "Try again" }).count()).toBe(0);
  await chosen.getByRole("button", { name: "Take film.txt out" }).click();

  const file = (name: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(name) });
  await add.setInputFiles(Array.from({ length: 21 }, (_, index) => file(`${index + 1}.txt`)));
  await expect.poll(() => chosen.getByText("Ready").count()).toBe(20);
  const last = chosen.getByRole("listitem").filter({ hasText: "21.txt" });
  await last.getByText("A case takes 20 files. Take another one out first.").waitFor();
  await chosen.getByRole("button", { name: "Take 1.txt out" }).click();
  await last.getByText("Ready").waitFor();
});

browserTest(
  "un caso se abre en español",
  async ({ place, visitor, page }) => {
    const { ana } = await customer(place);
    await visitor.signIn(ana, "/create");
    await page.getByRole("heading", { level: 1, name: "Crear caso de soporte" }).waitFor();
    await page.getByRole("link", { name: "Descripción" }).waitFor();
    await visitor.inspect("create-es");
  },
  "es",
);
