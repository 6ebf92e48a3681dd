/** Pictures of the main pages, with the demo's data: `make screenshots` takes those of `docs/portal/` anew. */
import { afterAll, beforeAll, expect, test } from "vitest";

import { perform, withBrowser } from "./harness/browser";
import { command, inRepository, startServer, type RunningServer } from "./harness/server";

withBrowser();

const wanted = process.env["SCREENSHOTS"] !== undefined;
let server: RunningServer | undefined;
let signIn = { username: "", password: "" };

beforeAll(async () => {
  if (!wanted) return;
  server = await startServer();
  const printed = await command(server.place, "demo");
  // Role, name, username, password, accounts, with at least two blanks in between.
  const contact = printed.split("\n").find((line) => /^\W*contact\b/iu.test(line));
  const [, , username, password] = contact?.split(/\s{2,}|\s*\|\s*/u).filter((cell) => cell !== "") ?? [];
  if (username === undefined || password === undefined) throw new Error(`no contact signs in: ${printed}`);
  signIn = { username, password };
});

afterAll(async () => {
  await server?.stop();
  server?.remove();
});

const pages = [
  { name: "overview", path: "/" },
  { name: "support", path: "/support?status=NEW,OPEN,RESOLVED,CLOSED,CANCELED" },
  { name: "create", path: "/create" },
  { name: "my-account", path: "/my-account" },
];

test.runIf(wanted)("pictures of the main pages", async () => {
  const { place } = server ?? {};
  if (place === undefined) throw new Error("it was just started");
  await perform(
    "screenshots",
    "en",
    async ({ page }) => {
      const keep = async (name: string) => {
        await page.waitForLoadState("networkidle");
        await page.screenshot({ path: inRepository(`docs/portal/${name}.png`) });
      };
      await page.goto("/sign-in");
      await page.getByRole("heading", { level: 1 }).waitFor();
      await keep("sign-in");
      await page.locator("input[autocomplete=username]").fill(signIn.username);
      await page.locator("input[autocomplete=current-password]").fill(signIn.password);
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.pathname === "/");
      for (const { name, path } of pages) {
        await page.goto(path);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await keep(name);
      }
      // Somebody is at work on it, so that there is something to see.
      await page.goto("/support?status=OPEN");
      await page.locator('main a[href^="/cases/"]').first().click();
      await page.waitForURL("**/cases/*");
      await page.getByRole("tab").first().waitFor();
      await keep("case");
      expect(page.url()).toContain("/cases/");
    },
    place,
  );
});
