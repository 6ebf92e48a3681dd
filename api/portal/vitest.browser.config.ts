import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.browser.ts"],
    globalSetup: "tests/harness/setup.ts",
    environment: "node",
    // One service, one browser at a time: a small machine has enough to do with these.
    fileParallelism: false,
    // Generous: a machine that has other things to do makes a test slow, not wrong.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
