// Music from this device into the library: by a button, or dropped anywhere on the page.
import { Upload as Arrow, X } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TFunction } from "i18next";
import { boot } from "../boot";
import { later } from "./later";
import { Named } from "./Named";
import { sayError } from "./refusals";
import styles from "./Upload.module.css";
import { isPlaylist, useDropped } from "./useDropped";
import { useUploading, type Upload } from "./useUploads";

/** What file dialogs offer first; the server judges by content. */
const OFFERED = "audio/*,.mp3,.flac,.ogg,.oga,.opus,.m4a,.wav,.aif,.aiff,.wma";

const Account = later(() => import("./Account").then((module) => module.Account));

export function UploadMusic() {
  if (boot.upload_limit_mb !== null) return <Uploads />;
  return boot.upload_account === null ? null : <WithAnAccount isOpen={boot.upload_account === "open"} />;
}

/** For whoever could upload with an account: what to do, also where they have dropped a file. */
function WithAnAccount({ isOpen }: { isOpen: boolean }) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  useDropped((file) => !isPlaylist(file), () => setAsked(true));
  return (
    <div className={styles.upload}>
      <button type="button" className="button" onClick={() => setAsked(true)}>
        <Arrow size={18} aria-hidden="true" /> {t("account.toUpload")}
      </button>
      {isAsked && <Account isOpen={isOpen} onClose={() => setAsked(false)} />}
    </div>
  );
}

function Uploads() {
  const { t } = useTranslation();
  const { uploads, add, cancel, clear } = useUploading();
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useDropped((file) => !isPlaylist(file), add);
  const isOver = uploads.length > 0 && uploads.every(({ state }) => state.kind === "done" || state.kind === "failed");
  return (
    <div className={styles.upload}>
      <p className={styles.offer}>
        <button ref={button} type="button" className="button" onClick={() => input.current?.click()}>
          <Arrow size={18} aria-hidden="true" /> {t("upload.button")}
        </button>
        <span className={styles.hint}>{t("upload.hint")}</span>
        {isOver && (
          <button
            type="button"
            className="button"
            onClick={() => {
              button.current?.focus(); // this one goes with the list
              clear();
            }}
          >
            {t("upload.clear")}
          </button>
        )}
      </p>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={OFFERED}
        onChange={({ target }) => {
          add(target.files ?? []);
          target.value = ""; // the same file may be chosen again
        }}
      />
      {uploads.length > 0 && (
        <ul className={styles.list} aria-label={t("upload.list")} tabIndex={0}>
          {uploads.map((upload) => (
            <Line
              key={upload.id}
              upload={upload}
              onCancel={() => {
                button.current?.focus(); // the line goes
                cancel(upload.id);
              }}
            />
          ))}
        </ul>
      )}
      <div role="status" className="hidden">
        <LastDone uploads={uploads} />
      </div>
    </div>
  );
}

/** What has come into the library last, for those who hear it. */
function LastDone({ uploads }: { uploads: readonly Upload[] }) {
  const { t } = useTranslation();
  const last = uploads.findLast(({ state }) => state.kind === "done");
  return last?.state.kind === "done" && t("upload.done", { title: last.state.track.title });
}

function Line({ upload: { file, state }, onCancel }: { upload: Upload; onCancel: () => void }) {
  const { t } = useTranslation();
  return (
    <li className={styles.line}>
      <span dir="auto" className={`ellipsis ${styles.name}`}>
        {file.name}
      </span>
      {state.kind === "sending" && <progress max={1} value={state.part} aria-label={file.name} />}
      <span className={styles.state} role={state.kind === "failed" ? "alert" : undefined}>
        {state.kind === "done" ? <Named name={state.track.title} text={(title) => t("upload.done", { title })} /> : words(t, state)}
      </span>
      {(state.kind === "waiting" || state.kind === "sending") && (
        <button type="button" className="icon" aria-label={t("upload.cancel", { name: file.name })} onClick={onCancel}>
          <X size={18} aria-hidden="true" />
        </button>
      )}
    </li>
  );
}

function words(t: TFunction, state: Exclude<Upload["state"], { kind: "done" }>): string {
  switch (state.kind) {
    case "waiting":
      return t("upload.waiting");
    case "sending":
      return state.part < 1 ? t("upload.sending", { percent: Math.floor(100 * state.part) }) : t("upload.reading");
    case "failed":
      return t("upload.failed", { reason: sayError(t, state.error) });
  }
}
