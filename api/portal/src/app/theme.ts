import {
  Alert,
  Button,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type MantineThemeOverride,
  NavLink,
  createTheme,
} from "@mantine/core";
import { useEffect, useState } from "react";

/** The color that the portal has unless its settings say another. */
export const OWN_COLOR = "#1a5fb4";

/** What `generateColors` makes of it: so nobody has to load that who needs no other color. */
export const OWN_SHADES: MantineColorsTuple = [
  "#e9f4ff",
  "#d6e5f9",
  "#aac9f0",
  "#7cace8",
  "#5792e0",
  "#3f82dd",
  "#327adc",
  "#2469c4",
  "#1a5fb4",
  "#01509c",
];

/** The shades of the brand's color, as soon as they are made. */
export function useShades(color: string = OWN_COLOR): MantineColorsTuple {
  const [made, setMade] = useState({ of: OWN_COLOR, shades: OWN_SHADES });
  useEffect(() => {
    if (color === OWN_COLOR) return;
    void import("@mantine/colors-generator").then(({ generateColors }) => {
      setMade({ of: color, shades: generateColors(color) });
    });
  }, [color]);
  return made.of === color ? made.shades : OWN_SHADES;
}

/** Colors as the brand has them, of the shades at which text on them and beside them can be read (WCAG 2.2, 1.4.3). */
export function themeOf(brand: MantineColorsTuple): MantineThemeOverride {
  return createTheme({
    primaryColor: "brand",
    primaryShade: { light: 8, dark: 8 },
    autoContrast: true,
    colors: { brand },
    defaultRadius: "sm",
    fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    respectReducedMotion: true,
    components: {
      // Words of some languages are longer than the button has room on a narrow screen: they go on in a second line.
      Button: Button.extend({
        styles: {
          root: { height: "auto", minHeight: "var(--button-height)", paddingBlock: 4 },
          // Links have no height of their own to be in the middle of: the block's padding and border are what is left out.
          inner: { minHeight: "calc(var(--button-height) - 10px)" },
          label: { whiteSpace: "normal", textAlign: "center", height: "auto", overflow: "visible" },
        },
      }),
      // Choices are shown to whoever asks for them, and not wherever the focus comes along; by name, since few pages have one.
      Select: { defaultProps: { openOnFocus: false } },
      // What is chosen from is made when it is opened.
      Combobox: { defaultProps: { keepMounted: false } },
      NavLink: NavLink.extend({ styles: { root: { borderRadius: "var(--mantine-radius-sm)" } } }),
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
