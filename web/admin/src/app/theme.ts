import {
  ActionIcon,
  Button,
  createTheme,
  Menu,
  Modal,
  SegmentedControl,
  Skeleton,
} from "@mantine/core";
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
  components: {
    Button: Button.extend({
      classNames: { root: classes.button },
      defaultProps: { variant: "quiet" },
    }),
    ActionIcon: ActionIcon.extend({
      classNames: { root: classes.actionIcon },
      defaultProps: { variant: "subtle", size: 44, color: "gray" },
    }),
    Menu: Menu.extend({
      classNames: { dropdown: classes.menu, item: classes.menuItem, label: classes.menuLabel },
      defaultProps: { shadow: "md", position: "bottom-end", transitionProps: { duration: 120 } },
    }),
    Modal: Modal.extend({
      classNames: {
        content: classes.modal,
        title: classes.modalTitle,
        header: classes.modalHeader,
      },
      defaultProps: {
        centered: true,
        size: "md",
        overlayProps: { backgroundOpacity: 0.4, blur: 3 },
      },
    }),
    TextInput: {
      classNames: { input: classes.input, label: classes.label, description: classes.hint },
    },
    PasswordInput: {
      classNames: { input: classes.input, label: classes.label, description: classes.hint },
    },
    Textarea: {
      classNames: { input: classes.input, label: classes.label, description: classes.hint },
    },
    SegmentedControl: SegmentedControl.extend({ classNames: { root: classes.segments } }),
    Skeleton: Skeleton.extend({ classNames: { root: classes.skeleton } }),
  },
});
