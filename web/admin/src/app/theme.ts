import { createTheme } from "@mantine/core";
import classes from "./theme.module.css";

/** Mantine dressed in the tokens of `styles/tokens.css`; the palettes below only feed its defaults. */
export const theme = createTheme({
  fontFamily: "var(--arv-sans)",
  headings: { fontFamily: "var(--arv-serif)", fontWeight: "400" },
  primaryColor: "coral",
  primaryShade: { light: 7, dark: 5 },
  defaultRadius: "md",
  radius: { md: "0.625rem", lg: "1rem" },
  focusRing: "auto",
  respectReducedMotion: true,
  colors: {
    coral: [
      "#fff0eb",
      "#ffdfd5",
      "#ffbeac",
      "#ff9a80",
      "#ff7b5b",
      "#ff5b3a",
      "#ef4a29",
      "#c2371a",
      "#a52d14",
      "#87220e",
    ],
    dark: [
      "#f4efe7",
      "#d8d2c8",
      "#b3ada3",
      "#6a6860",
      "#4a4b4d",
      "#31343b",
      "#262931",
      "#1f2228",
      "#16181d",
      "#101216",
    ],
  },
  // Plain objects and not `Menu.extend`: naming a component here would load it with the first screen.
  components: {
    Button: {
      classNames: { root: classes.button },
      defaultProps: { variant: "quiet" },
    },
    ActionIcon: {
      classNames: { root: classes.actionIcon },
      defaultProps: { variant: "subtle", size: 44, color: "gray" },
    },
    Menu: {
      classNames: { dropdown: classes.menu, item: classes.menuItem, label: classes.menuLabel },
      defaultProps: { shadow: "md", position: "bottom-end", transitionProps: { duration: 120 } },
    },
    TextInput: {
      classNames: { input: classes.input, label: classes.label, description: classes.hint },
    },
    PasswordInput: {
      classNames: { input: classes.input, label: classes.label, description: classes.hint },
    },
    NativeSelect: {
      classNames: { input: classes.input, label: classes.label, description: classes.hint },
    },
    Radio: {
      classNames: { description: classes.hint },
      defaultProps: { color: "var(--arv-coral-text)", size: "md" },
    },
    Checkbox: { defaultProps: { color: "var(--arv-coral-text)", size: "md" } },
    Switch: {
      classNames: { track: classes.track, description: classes.hint },
      defaultProps: { color: "var(--arv-teal)", size: "md" },
    },
    RadioGroup: { classNames: { label: classes.label } },
    Textarea: {
      classNames: { input: classes.input, label: classes.label, description: classes.hint },
    },
    SegmentedControl: { classNames: { root: classes.segments } },
    Skeleton: { classNames: { root: classes.skeleton } },
  },
});
