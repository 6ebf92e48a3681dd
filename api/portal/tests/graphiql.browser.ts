/** GraphiQL, which development mode shows at `/graphql`: from the service alone, and it works. */
import { expect } from "vitest";

import { browserTest, withBrowser } from "./harness/browser";

withBrowser();

browserTest("GraphiQL sends a query and shows the answer", async ({ page }) => {
  const query = "{ brand { portalName } }";
  await page.goto(`/graphql?query=${encodeURIComponent(query)}`);
  await page.locator(".graphiql-query-editor .view-lines").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(query);
  await page.getByRole("button", { name: /^Execute query/u }).click();
  await page.locator(".graphiql-response").getByText("portalName").waitFor();
  expect(await page.title()).toContain("GraphiQL");
});
