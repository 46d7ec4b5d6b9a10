/** What colour a thing has: read from its words, from the last one backwards, since 豆沙粉 is a pink. */

// Words → hue (degrees), saturation and lightness (percent).
const WORDS = {
  "军绿": [80, 26, 34], "墨绿": [160, 38, 24], "薄荷": [158, 45, 74], "荧光": [75, 90, 58], "藏青": [222, 44, 24], "天青": [190, 34, 62], "月白": [200, 30, 90], "象牙": [44, 45, 90],
  "酒红": [345, 60, 30], "卡其": [40, 32, 58], "焦糖": [26, 58, 42], "奶茶": [28, 36, 68], "奶咖": [26, 28, 60], "香槟": [40, 46, 76], "小麦": [40, 52, 70], "燕麦": [40, 28, 80],
  "自然色": [38, 40, 72], "原木": [32, 42, 60], "肤色": [26, 52, 80], "水墨": [210, 6, 30], "深色": [220, 12, 26], "格纹": [212, 14, 52], "透明": [200, 40, 88],
  "红": [356, 70, 46], "橘": [22, 86, 58], "橙": [26, 90, 54], "黄": [46, 84, 60], "金": [42, 62, 56], "绿": [135, 34, 46], "青": [188, 42, 50], "蓝": [214, 54, 48], "紫": [272, 38, 58],
  "粉": [346, 62, 80], "黑": [220, 8, 17], "白": [40, 14, 95], "灰": [215, 6, 58], "银": [215, 10, 76], "棕": [24, 42, 34], "褐": [24, 40, 30], "咖": [24, 32, 36], "驼": [32, 40, 58], "杏": [34, 58, 84],
  "米": [42, 36, 88], "裸": [20, 44, 78], "玫": [340, 50, 54], "桃": [14, 78, 74], "栗": [18, 44, 30],
};
// What a word before it does to its saturation and lightness.
const SHADES = { "浅": [-6, 18], "淡": [-6, 18], "奶": [-8, 16], "雾": [-18, 8], "樱": [0, 2], "深": [-4, -18], "墨": [-6, -16], "暗": [-6, -16], "正": [6, -2], "复古": [-14, -6] };
const NAMED = Object.keys(WORDS).sort((one, other) => other.length - one.length);

/** [hue, saturation, lightness], or null where no colour is said. */
export function colourOf(text) {
  for (let end = text.length; end > 0; end -= 1) {
    const name = NAMED.find((word) => text.slice(0, end).endsWith(word));
    if (!name) continue;
    const [hue, saturation, lightness] = WORDS[name], [vivid, light] = shade(text.slice(0, end - name.length), name.length > 1);
    return [hue, between(saturation + vivid, 0, 100), between(lightness + light, 12, 96)];
  }
  return null;
}

/** A name of its own says its shade already. */
function shade(before, own) {
  const word = own ? undefined : Object.keys(SHADES).find((one) => before.endsWith(one));
  return word ? SHADES[word] : [0, 0];
}

function between(value, low, high) { return Math.min(high, Math.max(low, value)); }
