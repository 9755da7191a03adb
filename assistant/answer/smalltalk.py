"""Greetings, thanks, who-are-you and what is no question to a plan: politely turned back.

Only requests of a kind that no plan answers count (write me a poem, will it rain tomorrow), never
a topic: plans do speak of weather services, films and stock markets.
"""

import re

from assistant.answer.draft import Draft
from assistant.question import read_question
from corpus.normal import normalise
from corpus.simplified import simplify

_GREETING = (
    "您好，我只回答已收录规划、报告和政策文件里的问题。可以这样问：某项指标的目标是多少、"
    "有哪些支持措施、某个平台投资多少。"
)
_SELF = (
    "我是规划问答助手，只根据已收录的规划、报告和政策文件回答，每句话都注明出处，文件里没有的就直说没有。"
    "可以问某项指标的目标、有哪些支持措施、某个平台投资多少。"
)
_OFF_TOPIC = (
    "这个问题在规划、报告和政策文件里没有答案，恕不回答。可以问我文件里的内容，例如某项指标的目标、"
    "有哪些支持措施。"
)
_WHO = re.compile(
    "(?:请问)?(?:你|您)(?:到底)?(?:是谁|是什么(?:模型|ai|机器人|东西|人)?|叫什么(?:名字)?|是(?:ai|人|机器人|真人)吗"
    "|能(?:做|干)(?:什么|啥|些什么)|会(?:什么|啥|做什么)|有(?:什么|哪些)功能|能回答什么(?:问题)?)|介绍一?下?你?自己|(?:自我介绍)(?:一下)?"
)
_DAY = "(?:今天|明天|后天|今晚|明早|这周|下周|周末|现在|最近)"
_OFF = re.compile(
    f"{_DAY}[^,，。]{{0,8}}(?:天气|下雨|下雪|气温|多少度|冷不冷|热不热|刮风)|天气(?:怎么样|如何|好不好|预报$)"
    "|会(?:不会)?下[雨雪]|几点(?:了|钟)|今天(?:是)?(?:星期|周|礼拜|几月|几号)"
    "|(?:写|作|来|创作|编|念|背)(?:一?[首篇个段封])[^,，。]{0,12}(?:诗|歌|歌词|作文|小说|情书|故事|笑话|对联|文案)"
    "|(?:讲|说)一?个(?:笑话|故事|段子)|讲笑话|陪我聊|唱(?:首|个|一首)歌"
    "|(?:帮我?|给我|替我)(?:写|编|改|调试)[^,，。]{0,10}(?:代码|程序|脚本|函数|爬虫|sql|python|java)"
    "|写一?[个段][^,，。]{0,10}(?:代码|程序|脚本|函数|爬虫)"
    "|(?:股票|股市|大盘|比特币|彩票)[^,，。]{0,8}(?:涨|跌|买|推荐|走势|中奖|抄底)|(?:买|推荐)[^,，。]{0,4}(?:股票|彩票)"
    "|(?:翻译成|译成)(?:英文|英语|日文|日语|中文)|(?:怎么|如何|怎样)(?:做|炒|煮|炖|烧)[^,，。]{0,3}(?:肉|菜|饭|鱼|汤|面|蛋糕|鸡|排骨)$"
    "|(?:推荐|好看的)[^,，。]{0,6}(?:电影|电视剧|小说|餐厅|饭店|歌曲|游戏)|算命|星座运势|^(?:我爱你|你喜欢我吗?)$|做我(?:女|男)朋友"
)


def turn_back(text: str) -> Draft | None:
    """Return what to say to small talk and to what is off topic; None to a question."""
    question = read_question(text)
    said = re.sub("[\\s?？!！。.呀啊呢]+$", "", normalise(simplify(text)).strip())
    if _WHO.fullmatch(said):
        return Draft(_SELF, "clarify", "smalltalk")
    if question.is_smalltalk:
        return Draft(_GREETING, "clarify", "smalltalk")
    if _OFF.search(said):
        return Draft(_OFF_TOPIC, "refused", "smalltalk")
    return None
