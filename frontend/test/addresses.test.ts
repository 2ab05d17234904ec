import { expect, test } from "vitest";
import { slugIn } from "../src/pages/Home";

test.each(["ab3d9k", " AB3D9K ", "http://192.168.1.5:8000/r/ab3d9k?x", "HTTP://MUSIC.EXAMPLE.ORG/R/AB3D9K/DISPLAY"])(
  "%s is the room ab3d9k",
  (given) => {
    expect(slugIn(given)).toBe("ab3d9k");
  },
);
