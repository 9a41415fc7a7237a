import "./styles/fonts.css";
import "./styles/mantine.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startI18n } from "./app/i18n";
import { reloadForNewRelease } from "./app/new-release";
import { Providers } from "./app/providers";
import { createPanel } from "./app/router";

const host = document.getElementById("root");
if (!host) throw new Error("index.html has no #root");

reloadForNewRelease();
const panel = createPanel();
await startI18n();
createRoot(host).render(
  <StrictMode>
    <Providers {...panel} />
  </StrictMode>,
);
