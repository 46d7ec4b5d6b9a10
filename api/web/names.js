/** How what the service answers is called in Chinese. */

const HUES = [12, 30, 48, 84, 140, 170, 196, 216, 246, 278, 320, 344];
// Facet of the here.answer → [heading, URL parameter].
export const FACETS = {
  category: ["分类", "category"], brand: ["品牌", "brand"], labels: ["标签", "label"],
  services: ["服务", "service"], quality: ["质量分", "quality"], shop: ["店铺", "shop"],
};

export const NAMES = { category: "分类", brand: "品牌", label: "标签", service: "服务", quality: "质量分", shop: "店铺", without: "不要" };
// Filter of an here.answer → its URL parameters, where they are called otherwise.
export const PARAMETERS = { labels: ["label"], services: ["service"], attributes: ["attr"], price: ["price_min", "price_max"] };

// Kind of a piece of a query → [name, hue].
export const KINDS = {
  brand: ["品牌", 262], product: ["商品", 16], category: ["分类", 40], model: ["型号", 230], shop: ["店铺", 246],
  color: ["颜色", 338], material: ["材质", 28], size: ["尺码", 200], specification: ["规格", 205], capacity: ["容量", 190],
  style: ["风格", 292], function: ["功能", 168], audience: ["人群", 140], scene: ["场景", 84], season: ["季节", 105],
};

export const INTENTS = {
  item: "找具体的一件", brand: "找一个品牌", category: "找一类商品", attribute: "有要求的一类商品", broad: "范围很宽",
  content: "想看内容", shop: "找店铺", not_shopping: "不像购物",
};

export const PARTS = {
  product: ["商品", 16], brand: ["品牌", 262], model: ["型号", 230], attributes: ["要求", 168], length: ["长度", 205],
  category: ["分类", 40], concentration: ["集中", 105], clicks: ["点击", 338], series: ["系列", 300], wishes: ["愿望", 130],
};

export const FILTERS = [...Object.keys(NAMES), "attr", "price_min", "price_max", "in_stock"];
export const FIELDS = { title: "标题", brand: "品牌", category: "分类", attributes: "属性", description: "描述" };
export const FEATURES = {
  term_coverage: "词语", title_coverage: "标题里的词语", character_coverage: "汉字", alphanumeric_coverage: "型号与数量",
  product_match: "商品", head_character: "同类商品", brand_match: "品牌与店铺", model_match: "型号", attribute_match: "要求", size_match: "规格",
  audience_match: "人群", longest_phrase: "连续的字", term_order: "词序", bigram_coverage: "相邻的字", query_generality: "要求多少",
  query_domain: "购物用语", query_fluency: "通顺", category_fit: "分类", popularity: "销量", quality: "评分", freshness: "新品", price_fit: "价格", wish_fit: "心愿",
  title_length: "标题长度", bm25: "字面得分", cosine: "语义相似", centred_cosine: "语义相似", late_interaction: "逐词比对", thing: "是不是这样东西", accessory: "是不是配件", contradiction: "与要求相反", cosine_deviation: "语义相似", spoken: "视频里说到", read_together: "连着查询细读"
};

export const PLACED = {
  surer: "前两名里更确定符合的排第一",
  spread: "为了不让同一店铺或品牌挤在一起，位置有调整", flagship: "品牌旗舰店，排在同样合适的前面", near_duplicate: "同款已排在前面", not_ranked: "没有细看，按召回得分排在后面",
  near: "不完全符合，排在分界线下面", personal: "按你的喜好挪了位置", on_screen: "正在直播间里讲，往前挪了几位",
  pinned: "店铺的规则放在这里", buried: "店铺的规则放到最后",
};

// What gave a hit its place in a feed.
export const SOURCES = {
  interest: "和你的喜好有关", viewed_together: "看过它们的人也看", bought_together: "买过它们的人也买", repurchase: "到了该再买的时候",
  explored: "试一试你没看过的", popular: "大家都喜欢", fresh: "刚上架", similar: "和它相似",
};
// Of what kind an interest is.
export const DIMENSIONS = { category: "分类", brand: "品牌", word: "常看", price: "价位", audience: "人群", shop: "店铺", item: "商品" };
export const ACTS = {
  impression: "看到", click: "点开", view: "浏览", watch: "观看", like: "喜欢", cart: "加购", order: "下单", refund: "退货", search: "搜索", hide: "不感兴趣",
};
// What a line of a transcript is besides being said.
export const MARKS = { filler: "带口头语", repeat: "重复", chant: "套话", doubtful: "听不准" };
// Why a video is taken to show a product.
export const REASONS = {
  given: "视频标了时间", basket: "挂在视频下面", brand: "说了品牌", thing: "说了是什么", model: "说了型号", attribute: "说了特点", price: "说了价格",
  meaning: "意思相近", carried: "接着前面讲的",
};
// Where a query after a video is known from.
export const AFTER = { watched: "看过的人搜了", shown: "视频里有", said: "视频里说到" };
export const FORMULAS = { "sum of weight · feature": "各项特征乘以权重，再相加" };
export const CHANNELS = { lexical: "字面匹配", semantic: "语义匹配", moments: "视频里的话", second_stage: "细读" };
export const NOTES = {
  most: "包含全部词语的商品不多，也列出了包含大部分词语的。",
  any: "包含全部词语的商品不多，也列出了包含其中一部分的。",
  nearest: "没有字面匹配的商品，按意思为你找到这些。",
};

export const PROBLEMS = {
  not_ready: "货架还在准备中", overloaded: "现在人有点多", deadline_exceeded: "这次找得太久了",
  invalid_request: "这样的条件没法找", cursor_expired: "商品刚刚更新过", network: "连不上服务",
};

export function leafOf(name, value) { return name === "category" ? value.split("/").at(-1) : name === "attr" ? value.slice(value.indexOf("=") + 1) : value; }
export function rangeText(low, high) { return low === null ? `¥${high} 以下` : high === null ? `¥${low} 以上` : `¥${low}–${high}`; }
export function bandText(low, high) { return high === "" ? `¥${low} 以上` : low === "0" ? `¥${Math.ceil(high)} 以下` : `¥${low}–${Math.ceil(high)}`; }
export function short(count) { return count >= 10000 ? `${(Math.floor(count / 1000) / 10).toFixed(1).replace(/\.0$/, "")}万` : String(count); }
export function digest(text) { let sum = 0; for (const char of text) sum = (sum * 31 + char.codePointAt(0)) % 9973; return sum; }
export function hue(text) { return HUES[digest(text) % HUES.length]; }
export function bandName(value) { return { low: "实惠", middle: "中等", high: "高档" }[value] ?? value; }
