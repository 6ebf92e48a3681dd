/** One service and its sample accounts for all files of browser tests. */
import type { TestProject } from "vitest/node";

import { clearArtifacts, command, inRepository, startServer, type Place } from "./server";

declare module "vitest" {
  export interface ProvidedContext {
    place: Place;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  clearArtifacts();
  const server = await startServer();
  await command(server.place, "import", "accounts", inRepository("docs/examples/import/accounts.ndjson"));
  project.provide("place", server.place);
  return async () => {
    await server.stop();
    server.remove();
  };
}
