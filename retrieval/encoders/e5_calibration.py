"""The texts whose activations fix the int8 scales of e5: a little of everything the service is given to read.

They are invented. What matters is variety of form (titles, queries, speech, other alphabets, digits, signs, one
character, long and short), not of subject. A change here changes the vectors, so it is part of the
encoder's fingerprint.
"""

from __future__ import annotations

QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "

PASSAGES = (
    "夏季新款纯棉短袖T恤男宽松圆领半袖上衣潮流印花打底衫",
    "【官方旗舰店】无线蓝牙耳机入耳式降噪运动跑步超长续航适用苹果华为小米OPPO",
    "2024春秋新款小白鞋女学生韩版百搭厚底板鞋透气休闲鞋 36-40码",
    "不锈钢保温杯500ml大容量男女学生便携水杯车载泡茶杯定制LOGO",
    "儿童积木拼装玩具益智6岁男孩变形机器人汽车模型生日礼物礼盒装",
    "正宗东北五常大米10斤装新米真空包装稻花香2号农家自产",
    "抽纸整箱家用实惠装卫生纸巾餐巾纸面巾纸婴儿可用30包4层加厚",
    "补水保湿面膜女美白淡斑提亮肤色玻尿酸烟酰胺精华贴片式 10片/盒",
    "轴承6204-2RS深沟球轴承内径20mm外径47mm厚度14mm高速电机轴承",
    "iPhone 15 Pro Max 256GB 钛金属 A17 Pro 5G全网通 双卡双待 手机壳 防摔",
    "Nike Air Force 1 '07 Low White Sneakers Men Women CW2288-111",
    "LED吸顶灯客厅灯现代简约大气长方形卧室灯具套餐全屋组合 三色变光 36W",
    "猫粮成猫幼猫通用型天然粮全价无谷鸡肉味2.5kg蓝猫英短布偶",
    "汽车脚垫全包围适用于大众朗逸速腾迈腾帕萨特途观L探岳专用丝圈地毯式",
    "红木家具缅甸花梨木沙发组合中式客厅大果紫檀茶几六件套",
    "考研英语词汇书 真题 2025版 历年真题解析 数学一 政治 全套资料",
    "厨房置物架落地多层微波炉架子收纳架省空间免打孔家用大全",
    "孕妇装夏季连衣裙2023新款时尚宽松中长款哺乳裙外出辣妈春夏薄款",
    "钓鱼竿手竿超轻超硬28调5.4米碳素台钓竿鲫鱼竿鲤鱼竿渔具套装",
    "茅台镇酱香型白酒53度500ml*6瓶整箱礼盒装纯粮食坤沙老酒送礼",
    "空调挂机1.5匹变频冷暖一级能效家用卧室壁挂式KFR-35GW",
    "四件套全棉纯棉床上用品床单被套1.8m床双人ins风磨毛宿舍三件套",
    "绿萝盆栽室内吸甲醛净化空气植物花卉办公室桌面水培好养活",
    "汉服女童中国风古装超仙连衣裙春装儿童唐装襦裙公主裙秋",
    "电动车雨衣加大加厚双人电瓶车摩托车专用长款全身防暴雨雨披",
    "大家好，今天给大家分享一款我最近一直在用的洗面奶，它的泡沫非常细腻，洗完之后脸上一点都不紧绷，敏感肌的姐妹也可以放心用，"
    "现在直播间下单还送同款小样，家人们赶紧点击下方小黄车去看看吧，数量不多，先到先得，喜欢的宝宝记得点个关注",
    "这个锅它是不粘的 你看我煎这个鸡蛋 不放油 直接倒下去 轻轻一晃 它就滑下来了 "
    "炒完菜用水一冲就干净了 平时我们家一日三餐都用它",
    "我三十岁才明白，衣服不在多，在于质感。#穿搭 #小个子 #秋冬外套 @时尚日记 一起变美吧！！！",
    "教你三步做出饭店味道的红烧肉：第一步焯水，第二步炒糖色，第三步小火慢炖四十分钟",
    "品牌：海尔；类目：家用电器 > 冰箱；颜色：银色；容量：216L；能效等级：一级",
    "手机壳",
    "a",
    "包邮",
    "USB Type-C to HDMI adapter 4K 60Hz, aluminium, for MacBook Pro and Dell XPS 13",
    "The quick brown fox jumps over the lazy dog. It was a bright cold day in April, and the clocks were striking.",
    "🎁🎉限时秒杀🔥🔥 买一送一❤️ ¥9.9起～ ★★★★★ 5折!!!",
    "日本直邮 資生堂 ANESSA 安热沙 日焼け止め ミルク SPF50+ PA++++ 60mL",
    "台灣繁體中文 運動休閒鞋 輕量透氣 防滑耐磨",
    '13800138000 0571-88888888 SKU:8900123456 V2.0.1 φ12×30mm ±0.5℃ 1/2" 220V~50Hz',
    "Привет, как дела? 안녕하세요 반갑습니다 สวัสดีครับ Où est la bibliothèque? ¿Cuánto cuesta el envío?",
    'https://example.com/item?id=12345&x=%20 SELECT * FROM t; {"key": [1, 2.5, null]} <b>html</b>',
    "啊啊啊啊啊啊啊啊啊啊 哈哈哈哈哈哈哈哈 !!!!!!???",
)

QUERIES = (
    "连衣裙女夏",
    "苹果手机壳",
    "适合送女朋友的生日礼物",
    "nike 跑步鞋 男 42码",
    "r50大灯罩",
    "怎么去除衣服上的油渍",
    "电饭煲",
    "鞋",
    "油性皮肤用什么洗面奶好",
    "10元以下包邮小零食",
    "macbook air m2 保护套",
    "大g改装件",
)
