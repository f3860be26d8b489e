//! Our own scripts and style sheets without what means nothing to a browser: comments, spaces, long names of private
//! members. It reads what we write, with a semicolon after each statement; the browser tests run its output.

use std::iter;

use super::names;

/// A piece of a script.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name, keyword or number.
    Word(&'a str),
    /// A name that only its class knows, with its `#`.
    Private(&'a str),
    /// A string, a regular expression, or the text of a template: kept as it is.
    Verbatim(&'a str),
    /// Anything else, one character.
    Sign(char),
}

impl<'a> Token<'a> {
    /// The name, keyword or number that it is.
    pub(super) fn word(&self) -> Option<&'a str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Private(_) | Self::Verbatim(_) | Self::Sign(_) => None,
        }
    }

    /// Whether it is text of a template.
    pub(super) fn is_template(&self) -> bool {
        matches!(self, Self::Verbatim(text) if text.starts_with(['`', '}']))
    }
}

/// `code` without comments and needless spaces, and with short names for what only it knows.
pub(super) fn script(code: &str) -> String {
    let tokens = Reader { rest: code, braces: Vec::new(), last: None }.collect::<Vec<_>>();
    let names = names::short(&tokens);
    let mut lean = String::with_capacity(code.len() / 2);
    for token in tokens {
        let sign;
        let text = match token {
            Token::Word(name) | Token::Private(name) => names.get(name).map_or(name, String::as_str),
            Token::Verbatim(text) => text,
            Token::Sign(char) => {
                sign = char.to_string();
                &sign
            }
        };
        let (before, next) = (lean.chars().next_back(), text.chars().next());
        if before.zip(next).is_some_and(|(before, next)| would_join(before, next)) {
            lean.push(' ');
        }
        lean.push_str(text);
    }
    lean.replace(";}", "}")
}

/// A style sheet on one line. A space before a colon or a parenthesis means something.
pub(super) fn style(sheet: &str) -> String {
    let mut lean = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("/*") {
        lean.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    lean.push_str(rest);
    let lines: String = lean.lines().map(str::trim).collect();
    let spaces =
        [(" {", "{"), ("{ ", "{"), ("; ", ";"), (": ", ":"), (", ", ","), (" > ", ">"), (" }", "}"), (";}", "}")];
    spaces.iter().fold(lines, |sheet, (from, to)| sheet.replace(from, to))
}

fn would_join(before: char, next: char) -> bool {
    (is_word(before) && (is_word(next) || next == '#')) || (before == next && matches!(next, '+' | '-' | '/'))
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '$')
}

struct Reader<'a> {
    rest: &'a str,
    /// Open braces; true for one that ends in a template.
    braces: Vec<bool>,
    /// The last character that was not a space, and the last word when it was one.
    last: Option<(char, &'a str)>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        taken
    }

    /// How long what begins here is, up to `end` and outside of backslashes and, in a regular expression, of classes.
    fn quoted(&self, end: char, has_classes: bool) -> usize {
        let (mut is_escaped, mut in_class) = (false, false);
        for (at, char) in self.rest.char_indices().skip(1) {
            match char {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '[' if has_classes => in_class = true,
                ']' if has_classes => in_class = false,
                _ if char == end && !in_class => return at + char.len_utf8(),
                _ => {}
            }
        }
        self.rest.len()
    }

    /// How long the text of a template is that begins here: up to its end or to the code in it.
    fn template(&self) -> (usize, bool) {
        let mut is_escaped = false;
        for (at, char) in self.rest.char_indices().skip(1) {
            match char {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '`' => return (at + 1, false),
                '$' if self.rest[at..].starts_with("${") => return (at + 2, true),
                _ => {}
            }
        }
        (self.rest.len(), false)
    }

    /// Whether a slash here begins a regular expression: nothing that can be divided stands before it.
    fn may_be_expression(&self) -> bool {
        match self.last {
            Some((_, "return" | "typeof" | "case")) | None => true,
            Some((last, _)) => !is_word(last) && !matches!(last, ')' | ']' | '}' | '"' | '`'),
        }
    }

    fn template_text(&mut self) -> Token<'a> {
        let (length, goes_on) = self.template();
        if goes_on {
            self.braces.push(true);
        }
        self.last = Some((if goes_on { '{' } else { '`' }, ""));
        Token::Verbatim(self.take(length))
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            self.rest = self.rest.trim_start();
            let comment = if self.rest.starts_with("//") {
                "\n"
            } else if self.rest.starts_with("/*") {
                "*/"
            } else {
                break;
            };
            self.rest = self.rest.split_once(comment).map_or("", |(_, after)| after);
        }
        let first = self.rest.chars().next()?;
        let word = |text: &str| text.chars().take_while(|char| is_word(*char)).map(char::len_utf8).sum::<usize>();
        let token = match first {
            '"' | '\'' => Token::Verbatim(self.take(self.quoted(first, false))),
            '/' if self.may_be_expression() => Token::Verbatim(self.take(self.quoted('/', true))),
            '`' => return Some(self.template_text()),
            '}' if self.braces.pop() == Some(true) => return Some(self.template_text()),
            '#' => Token::Private(self.take(1 + word(&self.rest[1..]))),
            _ if is_word(first) => Token::Word(self.take(word(self.rest))),
            _ => {
                if first == '{' {
                    self.braces.push(false);
                }
                self.take(first.len_utf8());
                Token::Sign(first)
            }
        };
        self.last = match &token {
            Token::Word(text) => text.chars().next_back().zip(Some(*text)),
            Token::Private(text) | Token::Verbatim(text) => text.chars().next_back().zip(iter::once("").next()),
            Token::Sign(char) => Some((*char, "")),
        };
        Some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, expected: &str) {
        assert_eq!(script(code), expected);
    }

    #[test]
    fn what_means_nothing_is_left_out() {
        check("/** Doc. */\na = 1; // b\n\nreturn  a + +b;\n", "a=1;return a+ +b;");
        check("if (a) {\n  b();\n}\nelse c();", "if(a){b()}else c();");
        check("import(base + \"chat.js\")", "import(base+\"chat.js\")");
    }

    #[test]
    fn strings_expressions_and_templates_stay() {
        check("a = \"x  // y\" + 'it\\'s  ok';", "a=\"x  // y\"+'it\\'s  ok';");
        check("b = /[/ ]  \\/ x/g.test(c) / 2 / d;", "b=/[/ ]  \\/ x/g.test(c)/2/d;");
        check("`a  ${ b + `c  ${ { d: 1 }.d }` }  e`", "`a  ${b+`c  ${{d:1}.d}`}  e`");
        check("return /x y/;", "return/x y/;");
    }

    #[test]
    fn names_that_nobody_else_knows_become_short() {
        check("const long = (other) => other + long;", "const a=(b)=>b+a;");
        check("const { kept } = it; const mine = kept;", "const{kept}=it;const a=kept;");
        check("let word = it.word; f({ word }); let fine = word;", "let word=it.word;f({word});let a=word;");
        check("const name = 1; x = { name(b) { return name; } };", "const name=1;x={name(b){return name}};");
        check("const mine = 1; const x = `${mine} y`;", "const a=1;const b=`${a} y`;");
        check("export function mount() { mount(); }", "export function mount(){mount()}");
        check("const one = (two) => [...two, one];", "const a=(b)=>[...b,a];");
    }

    #[test]
    fn private_names_become_short() {
        check(
            "export class A { #long = 1; #other; a() { this.#long; \"#long\"; } }",
            "export class A{#a=1;#b;a(){this.#a;\"#long\"}}",
        );
        check("get #x() {} async #y() {}", "get #a(){}async #b(){}");
    }

    #[test]
    fn a_sheet_keeps_the_spaces_that_mean_something() {
        let sheet = "/* x */\na :is(b, c) > d {\n  color: red;\n  margin: 0 calc(1px + 2px);\n}\n@media (d) and (e) { f { g: h; } }\n";
        let lean = "a :is(b,c)>d{color:red;margin:0 calc(1px + 2px)}@media (d) and (e){f{g:h}}";
        assert_eq!(style(sheet), lean);
    }
}
