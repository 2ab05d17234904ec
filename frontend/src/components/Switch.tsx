// A setting that is on or off, with what it means.
import styles from "./Switch.module.css";

interface SwitchProps {
  label: string;
  hint?: string;
  /** The label is for whoever does not see the words beside it. */
  isBare?: boolean;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

export function Switch({ label, hint, isBare = false, isOn, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      className={`${styles.switch} ${isBare ? styles.bare : ""}`}
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      onClick={() => onChange(!isOn)}
    >
      {!isBare && (
        <span>
          {label}
          {hint && <small>{hint}</small>}
        </span>
      )}
      <span className={styles.track} aria-hidden="true" />
    </button>
  );
}
