"""The live line between browsers and the table: what it says to them, and what a person asks of it.

| file | holds |
|---|---|
| `line` | the one link of this process |
| `beside` | work beside a request, waited for only a moment |
| `streaming` | what the table says, as events for one browser |
| `stopping` | a stop, which goes out before anything is looked up |
| `carrying` | any other act, step by step to the table and its answer back |
| `permitted` | who may act at this browser, and whether the patient may still be pulled |
| `telling` | what the table hears of by itself: consent taken back, a record that forbids a pull |
| `sessions` | which session is meant, and which is on the table |
| `noting` | who asked, written before; what was answered, after |
| `answers` | a refusal, in words and units of the reader |
"""
