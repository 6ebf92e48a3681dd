import { generateColors } from "@mantine/colors-generator";
import { Alert, type CSSVariablesResolver, type MantineThemeOverride, createTheme } from "@mantine/core";

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
    components: {
      // The border and the icon have the color; words that are colored as well cannot be read on every background.
      Alert: Alert.extend({ styles: { title: { color: "var(--mantine-color-text)" } } }),
    },
  });
}

/** Colors of texts that Mantine has too faint to be read on their background (WCAG 2.2, 1.4.3). */
export const readable: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
    "--mantine-color-placeholder": "var(--mantine-color-gray-7)",
    "--mantine-color-error": "var(--mantine-color-red-9)",
  },
  dark: {
    "--mantine-color-dimmed": "var(--mantine-color-dark-0)",
    "--mantine-color-placeholder": "var(--mantine-color-dark-1)",
    "--mantine-color-error": "var(--mantine-color-red-4)",
  },
});
