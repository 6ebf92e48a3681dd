import { generateColors } from "@mantine/colors-generator";
import { expect, test } from "vitest";

import { OWN_COLOR, OWN_SHADES } from "../src/app/theme";

test("the shades of the portal's own color are those that would be made of it", () => {
  expect(OWN_SHADES).toEqual(generateColors(OWN_COLOR));
});
