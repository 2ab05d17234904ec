// A playlist from elsewhere into the queue: a file, or text that is pasted; then what has become of its entries.
import { FileUp, X } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { rest, RestError } from "../protocol/rest";
import type { Imported } from "../protocol/types";
import { newId } from "../room/ids";
import { useRoom } from "../room/hooks";
import { NO_IMPORT, type Import } from "./importing";
import { ImportOutcome } from "./ImportOutcome";
import { sayError } from "./refusals";
import styles from "./SaveOrImport.module.css";
import { PLAYLISTS, useDropped } from "./useDropped";

/** The server's own limits, unless its operator has set others: it judges again. */
const LIMIT_MB = 2;
const LIMIT_SONGS = 5000;

interface ImportPlaylistProps {
  value: Import;
  onChange: (value: Import) => void;
  onSearch: (text: string) => void;
}

export function ImportPlaylist({ value, onChange, onSearch }: ImportPlaylistProps) {
  const { file, text, outcome } = value;
  useDropped(
    () => true,
    ([first]) => first && onChange({ ...NO_IMPORT, file: first }),
  );
  if (outcome) return <ImportOutcome outcome={outcome} onSearch={onSearch} onAgain={() => onChange(NO_IMPORT)} />;
  const key = file ? `${file.name} ${file.size} ${file.lastModified}` : text;
  return (
    <>
      <Source value={value} onChange={onChange} />
      <Send key={key} body={file ?? new Blob([text])} isEmpty={key.trim() === ""} onDone={(done) => onChange({ ...value, outcome: done })} />
    </>
  );
}

function Source({ value: { file, text }, onChange }: Pick<ImportPlaylistProps, "value" | "onChange">) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <p className={styles.hint}>{t("evening.limits", { mb: LIMIT_MB, count: LIMIT_SONGS })}</p>
      <p className={styles.source}>
        <button type="button" className="button" onClick={() => input.current?.click()}>
          <FileUp size={18} aria-hidden="true" /> {t("evening.choose")}
        </button>
        {file === null ? (
          <span className={`${styles.hint} ${styles.drop}`}>{t("evening.drop")}</span>
        ) : (
          <span className={styles.chosen}>
            <bdi className="ellipsis">{file.name}</bdi>
            <button
              type="button"
              className="icon"
              aria-label={t("evening.forget", { name: file.name })}
              onClick={() => onChange({ ...NO_IMPORT, text })}
            >
              <X size={18} aria-hidden="true" />
            </button>
          </span>
        )}
      </p>
      <input
        ref={input}
        type="file"
        hidden
        accept={PLAYLISTS}
        onChange={({ target }) => {
          const chosen = target.files?.[0];
          if (chosen) onChange({ ...NO_IMPORT, text, file: chosen });
          target.value = ""; // the same file may be chosen again
        }}
      />
      {file === null && (
        <textarea
          className={`field ${styles.paste}`}
          dir="auto"
          rows={3}
          aria-label={t("evening.paste")}
          placeholder={t("evening.pasteHint")}
          value={text}
          spellCheck={false}
          onChange={(event) => onChange({ ...NO_IMPORT, text: event.target.value })}
        />
      )}
    </>
  );
}

interface SendProps {
  body: Blob;
  isEmpty: boolean;
  onDone: (outcome: Imported) => void;
}

/** One import, which has one effect however often it is sent. */
function Send({ body, isEmpty, onDone }: SendProps) {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const [opId] = useState(newId);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const send = async () => {
    setProblem("");
    setBusy(true);
    try {
      if (body.size > LIMIT_MB * 1024 * 1024) throw new RestError("TOO_LARGE", "", { limit_mb: LIMIT_MB });
      onDone(await rest.importPlaylist(slug, body, opId));
    } catch (error) {
      const code = error instanceof RestError ? error.code : "";
      setProblem(code === "VALIDATION_ERROR" || code === "RATE_LIMITED" ? t(`evening.refused.${code}`) : sayError(t, error));
      setBusy(false);
    }
  };
  return (
    <>
      <p role="alert" className="problem">
        {problem}
      </p>
      <button type="button" className="button primary" disabled={isEmpty || isBusy} onClick={() => void send()}>
        {isBusy ? t("evening.importing") : t("evening.start")}
      </button>
    </>
  );
}
