// A setting that is on or off, with what it means.
import styles from "./Switch.module.css";

interface SwitchProps {
  label: string;
  hint: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

export function Switch({ label, hint, isOn, onChange }: SwitchProps) {
  return (
    <button type="button" className={styles.switch} role="switch" aria-checked={isOn} aria-label={label} onClick={() => onChange(!isOn)}>
      <span>
        {label}
        <small>{hint}</small>
      </span>
      <span className={styles.track} aria-hidden="true" />
    </button>
  );
}
