/** Files as people bring them to a page. */
import type { Locator, Page } from "playwright-core";

interface Brought {
  name: string;
  text: string;
}

/** Chooses a file in the dialog that a click opens. */
export async function choose(page: Page, button: Locator, { name, text }: Brought): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await button.click();
  await (await chooser).setFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
}

/** Drops a file on a part of the page. */
export async function drop(page: Page, target: Locator, file: Brought): Promise<void> {
  const dataTransfer = await page.evaluateHandle(({ name, text }) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, { type: "text/plain" }));
    return data;
  }, file);
  await target.dispatchEvent("drop", { dataTransfer });
}

/** Pastes a file where the focus is. */
export async function paste(target: Locator, file: Brought): Promise<void> {
  await target.evaluate((field, { name, text }) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([text], name, { type: "text/plain" }));
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, file);
}
