// The pages. Each address is a page load of its own, so that every one has its own boot data; no router is needed.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { boot } from "./boot";
import { startTexts } from "./i18n";
import { Broken, Missing } from "./pages/Message";
import "./styles/global.css";

const Home = lazy(() => import("./pages/Home"));
const Entry = lazy(() => import("./pages/Entry"));
const Display = lazy(() => import("./pages/Display"));

function Page() {
  const path = location.pathname.replace(/\/+$/, "");
  if (path === "") return <Home />;
  if (boot.room === null) return <Missing />; // no such room, and no such page either
  return path.toLowerCase().endsWith("/display") ? <Display room={boot.room} /> : <Entry room={boot.room} />;
}

startTexts();
const queries = new QueryClient({
  // "always": the server may be on this very machine, with no network at all.
  defaultOptions: { queries: { staleTime: 30_000, retry: 2, refetchOnWindowFocus: false, networkMode: "always" } },
});
const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Broken>
          <Suspense fallback={null}>
            <Page />
          </Suspense>
        </Broken>
      </QueryClientProvider>
    </StrictMode>,
  );
