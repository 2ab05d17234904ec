// The front door: start a room, go to one, or look into one of the public ones.
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode, type SyntheticEvent } from "react";
import { useTranslation } from "react-i18next";
import { boot } from "../boot";
import { Named } from "../components/Named";
import { sayError } from "../components/refusals";
import { rest } from "../protocol/rest";
import styles from "./Home.module.css";
import { likelyName, rememberName } from "./names";

export default function Home() {
  const { t } = useTranslation();
  return (
    <main className={styles.page}>
      <header className={styles.header}>
        <img src="/static/client/icons/icon.svg" alt="" width="72" height="72" />
        <h1>{t("app.name")}</h1>
        <p>{t("app.tagline")}</p>
      </header>
      <div className={styles.forms}>
        <StartForm />
        <GoForm />
      </div>
      {boot.user !== null && <OwnRooms />}
      <PublicRooms />
    </main>
  );
}

function StartForm() {
  const { t } = useTranslation();
  const [roomName, setRoomName] = useState("");
  const [yourName, setYourName] = useState(() => boot.user?.name ?? likelyName());
  const [isByVotes, setByVotes] = useState(false);
  const [isPublic, setPublic] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const start = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      if (boot.user === null) {
        const { user } = await rest.becomeGuest(yourName.trim());
        rememberName(user.name);
        boot.user = { ...user, username: null }; // a second try does not make a second guest
      }
      const room = await rest.startRoom(roomName.trim(), isByVotes ? "votes" : "manual", isPublic ? "public" : "unlisted");
      location.assign(`/r/${room.slug}`);
    } catch (error) {
      setProblem(sayError(t, error));
      setBusy(false);
    }
  };
  return (
    <form className={styles.card} onSubmit={(event) => void start(event)}>
      <h2>{t("home.start")}</h2>
      <label className="label">
        {t("home.roomName")}
        <input
          className="field"
          dir="auto"
          value={roomName}
          maxLength={80}
          required
          placeholder={t("home.roomNameHint")}
          onChange={(event) => setRoomName(event.target.value)}
        />
      </label>
      {boot.user === null && (
        <label className="label">
          {t("join.yourName")}
          <input
            className="field"
            dir="auto"
            value={yourName}
            maxLength={50}
            required
            autoComplete="nickname"
            onChange={(event) => setYourName(event.target.value)}
          />
        </label>
      )}
      <label className={styles.check}>
        <input type="checkbox" checked={isByVotes} onChange={(event) => setByVotes(event.target.checked)} />
        {t("home.orderVotes")}
      </label>
      <label className={styles.check}>
        <input type="checkbox" checked={isPublic} onChange={(event) => setPublic(event.target.checked)} />
        {t("home.listPublic")}
      </label>
      <p role="alert" className="problem">
        {problem}
      </p>
      <button type="submit" className="button primary" disabled={isBusy || roomName.trim() === "" || yourName.trim() === ""}>
        {t("home.create")}
      </button>
    </form>
  );
}

function GoForm() {
  const { t } = useTranslation();
  const [given, setGiven] = useState("");
  const slug = slugIn(given);
  return (
    <form
      className={styles.card}
      onSubmit={(event) => {
        event.preventDefault();
        location.assign(`/r/${encodeURIComponent(slug)}`);
      }}
    >
      <h2>{t("home.joinTitle")}</h2>
      <label className="label">
        {t("home.code")}
        <input
          className="field"
          value={given}
          required
          placeholder={t("home.codeHint")}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setGiven(event.target.value)}
        />
      </label>
      <button type="submit" className="button" disabled={slug === ""}>
        {t("home.join")}
      </button>
    </form>
  );
}

/** "http://192.168.1.5:8000/r/ab3d9k?x", "HTTP://MUSIC/R/AB3D9K" and " AB3D9K " all mean ab3d9k. */
export function slugIn(given: string): string {
  return (/(?:^|\/)\s*r\/([^/?#\s]+)/i.exec(given)?.[1] ?? /[^/?#\s]+/.exec(given)?.[0] ?? "").toLowerCase();
}

/** The rooms that this person is in; nothing while there is none. */
function OwnRooms() {
  const { t } = useTranslation();
  const { data, error } = useQuery({ queryKey: ["own rooms"], queryFn: ({ signal }) => rest.ownRooms(signal), refetchInterval: 15_000 });
  if (!error && !data?.length) return null;
  return <Rooms title={t("home.yourRooms")} rooms={data} error={error} />;
}

function PublicRooms() {
  const { t } = useTranslation();
  const { data, error } = useQuery({ queryKey: ["rooms"], queryFn: ({ signal }) => rest.publicRooms(signal), refetchInterval: 15_000 });
  return (
    <Rooms title={t("home.publicRooms")} rooms={data} error={error}>
      {data?.length === 0 && <p className={styles.muted}>{t("home.noPublicRooms")}</p>}
    </Rooms>
  );
}

type Listed = Awaited<ReturnType<typeof rest.publicRooms>>;

function Rooms({ title, rooms, error, children }: { title: string; rooms: Listed | undefined; error: Error | null; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <section className={styles.rooms} aria-label={title}>
      <h2>{title}</h2>
      {error && <p role="alert">{t("home.roomsFailed", { reason: sayError(t, error) })}</p>}
      {children}
      <ul>
        {rooms?.map((room) => (
          <li key={room.id}>
            <a className={styles.room} href={`/r/${room.slug}`}>
              <strong dir="auto" className="ellipsis">
                {room.name}
              </strong>
              <span className={styles.muted}>
                {room.now_playing ? (
                  <Named
                    name={room.now_playing.title}
                    text={(title) => t(room.playback.state === "playing" ? "home.plays" : "home.paused", { title })}
                  />
                ) : (
                  t("home.silent")
                )}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
