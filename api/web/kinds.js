/** Which silhouette a thing has: by the words of its category, the leaf before the rest of the path. */

// The longest word that is found; the first of those that are as long.
const WORDS = [
  ["tent", "帐篷 天幕"], ["stroller", "推车 婴儿车 童车"], ["feeder", "奶瓶"], ["diaper", "纸尿裤 尿不湿 拉拉裤"], ["blocks", "积木 拼图 拼装"], ["bear", "玩具 玩偶 毛绒 公仔 手办"],
  ["paw", "猫 狗 宠物 犬"], ["stand", "支架"], ["seat", "坐垫 座椅 汽车 脚垫"], ["helmet", "骑行 护具 头盔 自行车"], ["racket", "球拍 球类 羽毛球 网球 乒乓 篮球 足球"],
  ["dumbbell", "跳绳 哑铃 健身"], ["roll", "瑜伽垫 凉席 地毯 地垫 垫子"], ["rod", "渔具 鱼竿 垂钓"],
  ["thermos", "保温杯 保温壶 水杯 水壶 暖瓶"], ["kettle", "烧水壶 电水壶 养生壶 破壁机 豆浆机 榨汁机"], ["teapot", "茶具 茶壶 茶杯"], ["glass", "玻璃杯 酒杯 马克杯 杯"],
  ["wok", "炒锅 平底锅 煎锅"], ["noodles", "火锅 螺蛳粉 米线 方便面 速食 拉面 面条"], ["fryer", "空气炸锅 烤箱 电饭煲 微波炉"], ["pot", "汤锅 砂锅 蒸锅 锅"], ["bowl", "碗盘 碗碟 餐具 碗 盘 餐具 筷"],
  ["board", "砧板 菜板"], ["knife", "刀 剪"], ["box", "保鲜盒 收纳 盒 箱子"],
  ["puffer", "羽绒服 棉服 棉衣"], ["robe", "汉服 旗袍 新中式 和服 马褂"], ["polo", "POLO"], ["tee", "T恤 短袖 背心 上装 童装 童套装"], ["jacket", "夹克 冲锋衣 外套 大衣 风衣 卫衣 皮衣"],
  ["sweater", "毛衫 针织 毛衣 羊毛 羊绒"], ["shirt", "衬衫 睡衣 家居服 衬衣 西服 西装"], ["skirt", "半身裙 短裙"], ["dress", "连衣裙 裙"], ["briefs", "内裤 文胸 内衣"], ["trousers", "裤"], ["sock", "袜"],
  ["slipper", "拖鞋 凉鞋 凉拖"], ["boot", "靴"], ["heel", "单鞋 高跟鞋 女鞋"], ["sneaker", "鞋"],
  ["backpack", "双肩包 书包 背包"], ["suitcase", "拉杆箱 行李箱 旅行箱"], ["handbag", "女包 手提 斜挎 钱包 箱包 包袋"],
  ["towel", "毛巾 浴巾"], ["pillow", "枕 抱枕 靠垫"], ["bed", "四件套 被 床 蚊帐"], ["curtain", "窗帘 布艺"], ["mop", "拖把 扫把 清洁工具 拖布"], ["tissue", "抽纸 卷纸 纸品 湿巾 纸巾"],
  ["lipstick", "口红 唇"], ["tube", "牙膏 护手霜 身体乳 洗面奶 防晒 牙刷"], ["mask", "面膜"], ["jar", "面霜 眼霜 蜂蜜 辣酱 酱 泡菜 腌菜 调味 果酱 阿胶 燕窝 滋补 奶粉"], ["pump", "洗发 沐浴 底妆 精华 乳液 爽肤水 粉底 洗衣液 洗护 护肤 美妆 香水"],
  ["headphones", "耳机"], ["battery", "充电宝 充电器 电池 数据线 充电"], ["keyboard", "键盘 鼠标"], ["laptop", "笔记本电脑 电脑 平板"], ["phone", "手机"], ["camera", "相机 摄像"], ["screen", "电视 显示器 投影"], ["watch", "手表 手环 腕表"],
  ["heater", "取暖 加湿器 空调 风扇 净化器 冰箱 洗衣机"], ["robot", "扫地机 洗地机 吸尘器"], ["hairdryer", "吹风 卷发"],
  ["wine", "酒 啤酒 饮料 醋 酱油 食用油"], ["tin", "茶叶 红茶 绿茶 黑茶 白茶 花茶 养生茶 茶 咖啡"],
  ["citrus", "橙 柑橘 柠檬 猕猴桃 柚"], ["apple", "苹果 梨 水果 桃"], ["nuts", "坚果 炒货 枸杞 红枣 零食 糖果 饼干"], ["prawn", "虾 海鲜 水产 蟹"], ["meat", "肉 卤味 牛排 羊"], ["sack", "大米 杂粮 面粉 粮油 辅食 米 面"],
  ["pen", "钢笔 中性笔 笔"], ["book", "书 本册 手账 本子 文具 图书 杂志"], ["lamp", "灯 照明"], ["ring", "戒指 项链 首饰 珠宝 耳环 饰品"], ["glasses", "眼镜 墨镜"], ["hat", "帽"], ["umbrella", "伞"],
  ["plant", "花 绿植 盆栽 鲜花"], ["sofa", "沙发 椅 家具 桌"], ["gift", "礼 手作 工艺 摆件"],
];
const KINDS = WORDS.flatMap(([kind, words]) => words.split(" ").map((word) => [word, kind])).sort(([one], [other]) => other.length - one.length);

/** path: names from the root; text: what it is called. A thing of which nothing is known is a present. */
export function kindOf(path, text = "") {
  for (const part of [path.at(-1) ?? "", text, path.join("/")]) {
    const found = KINDS.find(([word]) => part.includes(word));
    if (found) return found[1];
  }
  return "gift";
}
