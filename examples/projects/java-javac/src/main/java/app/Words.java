package app;

import org.apache.commons.lang3.StringUtils;

class Words {
    static String text() {
        return StringUtils.capitalize("words");
    }
}
