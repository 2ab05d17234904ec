// The way into a room: one field on the first visit, none later.
import { useState, type SyntheticEvent } from "react";
import { useTranslation } from "react-i18next";
import { boot, type BootRoom } from "../boot";
import { Named } from "../components/Named";
import { sayError } from "../components/refusals";
import { rest } from "../protocol/rest";
import styles from "./Card.module.css";
import { Message } from "./Message";
import { likelyName, rememberName } from "./names";
import { RoomPage } from "./RoomPage";

export default function Entry({ room }: { room: BootRoom }) {
  const { t } = useTranslation();
  const [isIn, setIn] = useState(room.entry === "open");
  if (isIn) return <RoomPage room={room} />;
  if (room.entry === "banned") return <Message title={t("join.removed")} hint={t("join.banned")} />;
  return <JoinForm room={room} onJoined={() => setIn(true)} />;
}

export function JoinForm({ room, onJoined }: { room: BootRoom; onJoined: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(() => boot.user?.name ?? likelyName());
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const join = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const { participant } = await rest.join(room.slug, name.trim());
      rememberName(participant.name);
      onJoined();
    } catch (error) {
      setProblem(sayError(t, error));
      setBusy(false);
    }
  };
  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={(event) => void join(event)}>
        <img src="/static/client/icons/icon.svg" alt="" width="64" height="64" />
        <h1>
          <Named name={room.name} text={(name) => t("join.title", { room: name })} />
        </h1>
        <label className={styles.label}>
          {t("join.yourName")}
          <input
            className="field"
            dir="auto"
            value={name}
            maxLength={50}
            required
            autoFocus
            autoComplete="nickname"
            enterKeyHint="go"
            onFocus={(event) => event.target.select()}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <p className={styles.muted}>{room.locked ? t("join.locked") : t("join.nameHint")}</p>
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
        <button type="submit" className="button primary" disabled={isBusy || name.trim() === ""}>
          {t("join.join")}
        </button>
      </form>
    </main>
  );
}
