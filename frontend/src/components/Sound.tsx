// Whether and where the room is heard, and this device's part in it.
import { Minus, Plus, Settings2, Volume2, VolumeX } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TFunction } from "i18next";
import type { Trouble } from "../player/control";
import { DELAY_LIMIT_MS, DELAY_STEP_MS, NAME_LIMIT } from "../player/device";
import { usePlayHere, useSounding, useSpeaker, useSpeakerControl } from "../player/hooks";
import { useActions, useRights, useView } from "../room/hooks";
import { Dialog } from "./Dialog";
import styles from "./Sound.module.css";
import { Switch } from "./Switch";
import { useSlider } from "./useSlider";

/** What the server calls a device without a name. */
const UNNAMED = "A device";

/** The strip in the bar: where it sounds, and the button that makes it sound here. */
export function Sound() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={styles.sound}>
      <SoundLine className={styles.line ?? ""} />
      <SoundButton />
      <button type="button" className="icon" aria-label={t("sound.settings")} onClick={() => setOpen(true)}>
        <Settings2 size={20} aria-hidden="true" />
      </button>
      {isOpen && <DeviceMenu onClose={() => setOpen(false)} />}
    </div>
  );
}

export function SoundButton({ className = "" }: { className?: string }) {
  const { t } = useTranslation();
  const control = useSpeakerControl();
  const playHere = usePlayHere();
  // Where the browser wants a tap first, this button is what it wants to have tapped.
  const [isOn, isMuted] = useSpeaker((view) => [view.state !== "off" && view.trouble?.kind !== "tap", view.device.isMuted] as const);
  const Icon = isOn && !isMuted ? Volume2 : VolumeX;
  return (
    <button
      type="button"
      className={`button ${isOn ? "" : "primary"} ${className}`}
      onPointerEnter={() => control.prepare()}
      onFocus={() => control.prepare()}
      onClick={() => (isOn ? control.turnOff() : playHere())}
    >
      {isOn ? <Icon size={18} aria-hidden="true" /> : <Volume2 size={18} aria-hidden="true" />}
      <span className={isOn ? styles.long : undefined}>{t(isOn ? "sound.stopHere" : "sound.playHere")}</span>
    </button>
  );
}

/** One sentence: what is wrong here, else where the room is heard. */
export function SoundLine({ className = "", isWall = false }: { className?: string; isWall?: boolean }) {
  const { t } = useTranslation();
  const { isPlaying, names, isHere } = useSounding();
  const [trouble, { isMuted, name }] = useSpeaker((view) => [view.trouble, view.device] as const);
  const isReady = useView((view) => view.state !== null);
  const isBad = trouble !== null || (isReady && isPlaying && names.length === 0 && !isHere);
  return (
    <p role="status" aria-label={t("sound.label")} className={`${styles.where} ${isBad ? styles.bad : ""} ${className}`}>
      <span className={`clamp ${styles.words}`}>{trouble ? sayTrouble(t, trouble, isWall) : isHere && isMuted ? t("sound.muted") : where(t, isPlaying, names, isHere ? name : null)}</span>
    </p>
  );
}

/** `ownName`: the name of this device if it sounds, which may be "", else null. */
function where(t: TFunction, isPlaying: boolean, names: readonly string[], ownName: string | null): string {
  const own = ownName === null ? -1 : names.indexOf(ownName || UNNAMED);
  const others = names.filter((_, index) => index !== own);
  const shown = others.map((name) => (name === UNNAMED ? t("sound.aDevice") : `\u2068${name}\u2069`));
  // First, as there is not room for the names of many.
  if (own >= 0 || (ownName !== null && others.length === 0)) shown.unshift(t("sound.thisDevice"));
  if (shown.length > 0) return t("sound.where", { names: shown.join(", ") });
  return isPlaying ? t("sound.nobody") : "";
}

function sayTrouble(t: TFunction, trouble: Trouble, isWall: boolean): string {
  if (!("title" in trouble)) return t(`sound.trouble.${trouble.kind}`);
  const kind = trouble.kind === "forbidden" && isWall ? "forbiddenOnWall" : trouble.kind;
  return t(`sound.trouble.${kind}`, { title: `\u2068${trouble.title}\u2069` });
}

/** The room's volume, for whoever may control what plays. */
export function RoomVolume() {
  const { t } = useTranslation();
  const { setVolume } = useActions();
  const { playback: mayControl } = useRights();
  const volume = useView((view) => view.state?.playback.volume ?? 100);
  const slider = useSlider(volume, 100, setVolume);
  return (
    <label className={styles.volume}>
      <Volume2 size={18} aria-hidden="true" />
      <input {...slider} className="slider" aria-label={t("sound.volume")} disabled={!mayControl} />
    </label>
  );
}

function DeviceMenu({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const control = useSpeakerControl();
  const [device, isOn, isClicking] = useSpeaker((view) => [view.device, view.state === "on", view.isClicking] as const);
  const helpId = useId();
  const close = () => {
    control.setClicking(false);
    onClose();
  };
  const delayBy = (step: number) =>
    control.set({ delayMs: Math.max(-DELAY_LIMIT_MS, Math.min(DELAY_LIMIT_MS, device.delayMs + step)) });
  return (
    <Dialog title={t("sound.settings")} closeLabel={t("sound.close")} onClose={close}>
      <div className={styles.menu}>
        <label className={styles.volume}>
          <span>{t("sound.deviceVolume")}</span>
          <input
            type="range"
            className="slider"
            min={0}
            max={100}
            step={1}
            value={device.volume}
            style={{ "--done": `${device.volume}%` } as React.CSSProperties}
            onChange={(event) => control.set({ volume: Number(event.target.value) })}
          />
        </label>
        <Switch label={t("sound.mute")} hint={t("sound.muteHint")} isOn={device.isMuted} onChange={(isMuted) => control.set({ isMuted })} />
        <label className={styles.field}>
          <span>{t("sound.name")}</span>
          <input
            className="field"
            maxLength={NAME_LIMIT}
            placeholder={t("sound.nameHint")}
            defaultValue={device.name}
            onBlur={(event) => control.set({ name: event.target.value.trim() })}
          />
        </label>
        <div role="group" aria-label={t("sound.delay")} className={styles.delay}>
          <span>{t("sound.delay")}</span>
          <button type="button" className="icon" aria-label={t("sound.earlier")} disabled={device.delayMs <= -DELAY_LIMIT_MS} onClick={() => delayBy(-DELAY_STEP_MS)}>
            <Minus size={20} aria-hidden="true" />
          </button>
          <output aria-describedby={helpId}>{t("sound.ms", { ms: String(device.delayMs).replace("-", "\u2212") })}</output>
          <button type="button" className="icon" aria-label={t("sound.later")} disabled={device.delayMs >= DELAY_LIMIT_MS} onClick={() => delayBy(DELAY_STEP_MS)}>
            <Plus size={20} aria-hidden="true" />
          </button>
          <small id={helpId}>{t("sound.delayHint")}</small>
        </div>
        {isOn && (
          <Switch label={t("sound.click")} hint={t("sound.clickHint")} isOn={isClicking} onChange={(on) => control.setClicking(on)} />
        )}
      </div>
    </Dialog>
  );
}
