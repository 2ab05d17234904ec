// The room. Wide: the library beside the queue. Narrow: the queue, and the library as a sheet over it.
import { Plus } from "lucide-react";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { boot, type BootRoom } from "../boot";
import { Dialog } from "../components/Dialog";
import { Library } from "../components/Library";
import { Notices } from "../components/notices";
import { isolated } from "../components/Named";
import { NowPlaying, useCurrent } from "../components/NowPlaying";
import { Queue } from "../components/Queue";
import { SearchLibraryContext } from "../components/searchLibrary";
import { TopBar } from "../components/TopBar";
import { useMedia } from "../components/useMedia";
import { useShortcuts } from "../components/useShortcuts";
import { UploadsContext, useUploads } from "../components/useUploads";
import { SpeakerProvider } from "../player/hooks";
import { RoomProvider, useView } from "../room/hooks";
import { usePastAnew } from "../room/usePastAnew";
import { Ended } from "./Ended";
import styles from "./RoomPage.module.css";

export function RoomPage({ room }: { room: BootRoom }) {
  return (
    <RoomProvider slug={room.slug} isMember>
      <SpeakerProvider>
        <Inside room={room} />
      </SpeakerProvider>
    </RoomProvider>
  );
}

function Inside({ room }: { room: BootRoom }) {
  const status = useView((view) => view.status);
  useTitle(room.name);
  usePastAnew();
  if (status.kind === "ended") return <Ended reason={status.reason} />;
  return (
    <Notices>
      <WithUploads>
        <Layout fallbackName={room.name} />
      </WithUploads>
    </Notices>
  );
}

function WithUploads({ children }: { children: ReactNode }) {
  return <UploadsContext value={useUploads(boot.upload_limit_mb ?? 0)}>{children}</UploadsContext>;
}

function Layout({ fallbackName }: { fallbackName: string }) {
  const { t } = useTranslation();
  const isWide = useMedia("(min-width: 56.25em)");
  const [isSheetOpen, setSheetOpen] = useState(false);
  const [wanted, setWanted] = useState({ text: "", times: 0 });
  const library = <Library key={wanted.times} search={wanted.text} />;
  const searchLibrary = useCallback((text: string) => {
    setWanted(({ times }) => ({ text, times: times + 1 }));
    setSheetOpen(true);
  }, []);
  useShortcuts(() => {
    if (isWide) document.querySelector<HTMLElement>('[data-shortcut="search"]')?.focus();
    else setSheetOpen(true);
  });
  return (
    <div className={styles.room}>
      <TopBar fallbackName={fallbackName} />
      <main className={styles.main}>
        {isWide && (
          <section className={styles.library} aria-label={t("library.title")}>
            <h2 className={styles.heading}>{t("library.title")}</h2>
            {library}
          </section>
        )}
        <SearchLibraryContext value={searchLibrary}>
          <Queue />
        </SearchLibraryContext>
        {!isWide && (
          <button type="button" className={`button primary ${styles.addSongs}`} onClick={() => setSheetOpen(true)}>
            <Plus size={20} aria-hidden="true" /> {t("library.addSongs")}
          </button>
        )}
      </main>
      <NowPlaying />
      {!isWide && isSheetOpen && (
        <Dialog title={t("library.addSongs")} closeLabel={t("library.close")} kind="sheet" onClose={() => setSheetOpen(false)}>
          {library}
        </Dialog>
      )}
    </div>
  );
}

/** Shows the current song in the tab's title. */
function useTitle(fallbackName: string): void {
  const current = useCurrent();
  const [name, isPlaying] = useView(
    (view) => [view.state?.playlist.name ?? fallbackName, view.state?.playback.state === "playing"] as const,
  );
  useEffect(() => {
    document.title = current && isPlaying ? `▶ ${isolated(current.track.title)} – ${isolated(name)}` : name;
  }, [current, name, isPlaying]);
}
