#include "common/webhook/document.hpp"

#include <utility>

namespace webhook {

boost::system::result<document, body_error> parse_document(std::string_view body)
{
    auto members = parse_members(body, member_names);
    if (!members)
        return std::move(members.error());
    return document{std::move(*members)};
}

} // namespace webhook
