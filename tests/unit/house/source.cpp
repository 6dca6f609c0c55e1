#include "tests/unit/house/source.hpp"

#include <algorithm>
#include <cctype>

namespace house {

namespace {

// The text with everything but its line breaks blanked.
std::string blanked(std::string_view text)
{
    std::string result(text);
    std::replace_if(
        result.begin(), result.end(), [](char c) { return c != '\n'; }, ' ');
    return result;
}

bool is_word(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Walks over a text once and copies each piece to where it belongs.
class scanner
{
public:
    explicit scanner(source& into) : into_(into), text_(into.text) {}

    void run()
    {
        while (at_ < text_.size()) {
            if (starts_with("//"))
                comment_to(text_.find('\n', at_));
            else if (starts_with("/*"))
                comment_to(after(text_.find("*/", at_ + 2), 2));
            else if (starts_with("R\"") && (at_ == 0 || !is_word(text_[at_ - 1])))
                raw_string();
            else if (text_[at_] == '"')
                quoted('"');
            else if (text_[at_] == '\'' && (at_ == 0 || !is_word(text_[at_ - 1])))
                quoted('\'');
            else
                code();
        }
    }

private:
    bool starts_with(std::string_view what) const { return text_.substr(at_).starts_with(what); }

    std::size_t after(std::size_t place, std::size_t length) const
    {
        return place == std::string_view::npos ? text_.size() : place + length;
    }

    void code()
    {
        into_.code[at_] = text_[at_];
        ++at_;
    }

    void comment_to(std::size_t end)
    {
        for (end = std::min(end, text_.size()); at_ < end; ++at_)
            into_.comments[at_] = text_[at_];
    }

    void raw_string()
    {
        const auto open = text_.find('(', at_);
        const auto mark = text_.substr(at_ + 2, open - at_ - 2);
        const auto close = text_.find(")" + std::string(mark) + "\"", open);
        literal_at(open + 1, std::min(close, text_.size()));
        at_ = after(close, mark.size() + 2);
    }

    void quoted(char quote)
    {
        auto end = at_ + 1;
        while (end < text_.size() && text_[end] != quote && text_[end] != '\n')
            end += text_[end] == '\\' ? 2U : 1U;
        end = std::min(end, text_.size());
        if (quote == '"')
            literal_at(at_ + 1, end);
        at_ = std::min(end + 1, text_.size());
    }

    void literal_at(std::size_t begin, std::size_t end)
    {
        into_.literals.push_back({line_at(text_, begin), std::string(text_.substr(begin, end - begin))});
    }

    source& into_;
    std::string_view text_;
    std::size_t at_ = 0;
};

} // namespace

source parse_source(std::string path, std::string text)
{
    source result;
    result.path = std::move(path);
    result.text = std::move(text);
    result.code = blanked(result.text);
    result.comments = result.code;
    scanner(result).run();
    return result;
}

source parse_plain(std::string path, std::string text)
{
    source result;
    result.path = std::move(path);
    result.comments = text;
    result.code = blanked(text);
    result.text = std::move(text);
    return result;
}

std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::size_t line_at(std::string_view text, std::size_t place)
{
    const auto before = text.substr(0, place);
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

} // namespace house
