import { generateColors } from "@mantine/colors-generator";
import { type MantineThemeOverride, createTheme } from "@mantine/core";

/** Colors as the brand has them, of the shades at which text on them and beside them can be read (WCAG 2.2, 1.4.3). */
export function themeOf(brand: { primaryColor: string } | undefined): MantineThemeOverride {
  return createTheme({
    primaryColor: "brand",
    primaryShade: { light: 8, dark: 8 },
    autoContrast: true,
    colors: { brand: generateColors(brand?.primaryColor ?? "#1a5fb4") },
    defaultRadius: "sm",
    fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    respectReducedMotion: true,
  });
}
