/* Each import registers its action. One line per action, in alphabetical order. */
import "./marketo/marketo"
import "./queueaction/queue_action_for_testing"
